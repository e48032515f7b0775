using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Resizes a column of images. A null image stays null; one that has the size already is passed on as it is.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ImageResizing";

    private readonly Settings _settings;

    internal ImageResizingTransformer(MLContext context, InputOutputColumnPair columns, Settings settings) : base(context, columns)
    {
        if (!Enum.IsDefined(settings.Resizing))
            throw new ArgumentOutOfRangeException(nameof(settings), $"There is no resizing kind {settings.Resizing}.");
        if (!Enum.IsDefined(settings.CropAnchor))
            throw new ArgumentOutOfRangeException(nameof(settings), $"There is no crop anchor {settings.CropAnchor}.");
        (_settings, OutputType) = (settings, new ImageDataViewType(settings.ImageHeight, settings.ImageWidth));
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal ImageDataViewType OutputType { get; }

    internal static ImageResizingTransformer Load(ModelLoadContext context)
    {
        var state = context.ReadState<State>();
        return ImageColumns.Load(context, state.Columns, columns => new ImageResizingTransformer(context.Context, columns, state.Settings ?? throw context.Damaged("it has no settings")));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs), _settings));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private MLImage Resized(MLImage image)
    {
        if (image is null || (image.Width, image.Height) == (_settings.ImageWidth, _settings.ImageHeight))
            return image;
        return _settings.Resizing == ImageResizingEstimator.ResizingKind.Fill
            ? ImageResampling.Stretch(image, _settings.ImageWidth, _settings.ImageHeight)
            : ImageResampling.Fit(
                image, _settings.ImageWidth, _settings.ImageHeight, _settings.Resizing == ImageResizingEstimator.ResizingKind.IsoPad, _settings.CropAnchor);
    }

    internal sealed record Settings(
        int ImageWidth, int ImageHeight, ImageResizingEstimator.ResizingKind Resizing, ImageResizingEstimator.Anchor CropAnchor);

    private sealed record State(ColumnPairState[] Columns, Settings Settings);

    private sealed class Mapper(ImageResizingTransformer transformer, DataViewSchema schema) : OneToOneRowMapper(schema, transformer.ColumnPairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index)
        {
            ImageColumns.RequireImage(Inputs[index]);
            return new(outputColumnName, transformer.OutputType);
        }

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned)
        {
            var getImage = input.GetGetter<MLImage>(Inputs[index]);
            return new ValueGetter<MLImage>((ref MLImage value) =>
            {
                MLImage image = null;
                getImage(ref image);
                value = transformer.Resized(image);
            });
        }
    }
}
