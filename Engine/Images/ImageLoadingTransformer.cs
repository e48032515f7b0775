using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Loads images from the paths in a text column, one when its row is read. An empty path gives a null image.</summary>
/// <remarks>
/// The images belong to nobody and stay usable for as long as they are referenced. A file that is missing throws
/// <see cref="FileNotFoundException"/> or <see cref="DirectoryNotFoundException"/> from the row's getter, one that is no image
/// <see cref="ArgumentException"/>; both name it.
/// </remarks>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ImageLoading";

    /// <summary>The folder that relative paths start from, as an absolute path; null: the working directory.</summary>
    public readonly string ImageFolder;

    private ImageLoadingTransformer(MLContext context, InputOutputColumnPair columns, string absoluteFolder) : base(context, columns) =>
        ImageFolder = absoluteFolder;

    internal static ImageDataViewType OutputType { get; } = new();

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    /// <exception cref="ArgumentException">The folder does not exist.</exception>
    internal static ImageLoadingTransformer Create(MLContext context, InputOutputColumnPair columns, string imageFolder)
    {
        if (string.IsNullOrEmpty(imageFolder))
            return new(context, columns, null);
        return Directory.Exists(imageFolder)
            ? new(context, columns, Path.GetFullPath(imageFolder))
            : throw new ArgumentException($"Directory \"{imageFolder}\" does not exist (looked for at \"{Path.GetFullPath(imageFolder)}\").", nameof(imageFolder));
    }

    // The folder is not checked: it may be made, or be another machine's, before the first image is read.
    internal static ImageLoadingTransformer Load(ModelLoadContext context)
    {
        var state = context.ReadState<State>();
        return ImageColumns.Load(context, state.Columns, columns => new ImageLoadingTransformer(context.Context, columns, state.ImageFolder));
    }

    private protected override void SaveModel(ModelSaveContext ctx) =>
        ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs), ImageFolder));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private MLImage LoadImage(ReadOnlyMemory<char> text)
    {
        if (text.IsEmpty)
            return null;
        var path = ImageFolder is null ? text.ToString() : Path.Combine(ImageFolder, text.ToString());
        var image = MLImage.Decode(File.ReadAllBytes(path), path);
        image.Tag = path;
        return image;
    }

    private sealed record State(ColumnPairState[] Columns, string ImageFolder);

    private sealed class Mapper(ImageLoadingTransformer transformer, DataViewSchema schema) : OneToOneRowMapper(schema, transformer.ColumnPairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index) => Inputs[index].Type is TextDataViewType
            ? new(outputColumnName, OutputType)
            : throw ColumnErrors.Mismatch(Inputs[index], "input", TextDataViewType.Instance.ToString());

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned)
        {
            var getPath = input.GetGetter<ReadOnlyMemory<char>>(Inputs[index]);
            ReadOnlyMemory<char> path = default;
            return new ValueGetter<MLImage>((ref MLImage value) =>
            {
                getPath(ref path);
                value = transformer.LoadImage(path);
            });
        }
    }
}
