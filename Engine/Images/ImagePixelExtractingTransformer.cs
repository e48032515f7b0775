using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>
/// Makes vectors of the pixels of images: <c>(byte − offset) × scale</c> as <see cref="float"/>, or the bytes as they are. A null image gives
/// zeros (a sparse vector).
/// </summary>
/// <remarks>
/// The vector has the dimensions [colours, height, width], interleaved [height, width, colours]. Images must have the size that their column
/// declares: resize them first.
/// </remarks>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ImagePixelExtracting";

    private readonly Settings _settings;
    private readonly PixelPlanes _planes;

    internal ImagePixelExtractingTransformer(MLContext context, InputOutputColumnPair columns, Settings settings) : base(context, columns)
    {
        if ((settings.Colors & ImagePixelExtractingEstimator.ColorBits.All) == 0)
            throw new ArgumentException("At least one colour must be extracted; give colorsToExtract.", nameof(settings));
        if (!Enum.IsDefined(settings.Order))
            throw new ArgumentException($"There is no order {settings.Order} of colours.", nameof(settings));
        (_settings, _planes) = (settings, PixelPlanes.Of(settings.Colors, settings.Order, settings.Interleave));
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal static ImagePixelExtractingTransformer Load(ModelLoadContext context)
    {
        var state = context.ReadState<State>();
        return ImageColumns.Load(context, state.Columns, columns => new ImagePixelExtractingTransformer(context.Context, columns, state.Settings ?? throw context.Damaged("it has no settings")));
    }

    /// <exception cref="ArgumentOutOfRangeException">The images are not all of one size.</exception>
    internal PrimitiveDataViewType ItemTypeOf(ImageDataViewType images, string columnName)
    {
        if (images.Height == 0)
            throw ColumnErrors.Mismatch(columnName, "input", "known-size image", "unknown-size image; put ResizeImages before ExtractPixels");
        return _settings.AsFloat ? NumberDataViewType.Single : NumberDataViewType.Byte;
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs), _settings));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private ValueGetter<VBuffer<T>> Getter<T>(ValueGetter<MLImage> getImage, ImageDataViewType type, T[] valueOf)
    {
        var size = _planes.Colors.Length * type.Height * type.Width;
        return (ref VBuffer<T> vector) =>
        {
            MLImage image = null;
            getImage(ref image);
            if (image is null)
            {
                vector = VBufferEditor.Create(ref vector, size, valuesCount: 0).Commit();
                return;
            }

            if ((image.Height, image.Width) != (type.Height, type.Width))
            {
                throw new InvalidOperationException(
                    $"Image {(image.Tag is null ? "" : $"'{image.Tag}' ")}is {image.Width} × {image.Height}; column '{Columns.InputColumnName}' declares "
                    + $"images of {type.Width} × {type.Height}. Put ResizeImages before ExtractPixels.");
            }

            var editor = VBufferEditor.Create(ref vector, size);
            _planes.Extract(image, valueOf, editor.Values);
            vector = editor.Commit();
        };
    }

    internal sealed record Settings(
        ImagePixelExtractingEstimator.ColorBits Colors,
        ImagePixelExtractingEstimator.ColorsOrder Order,
        bool Interleave,
        float Offset,
        float Scale,
        bool AsFloat);

    private sealed record State(ColumnPairState[] Columns, Settings Settings);

    private sealed class Mapper(ImagePixelExtractingTransformer transformer, DataViewSchema schema) : OneToOneRowMapper(schema, transformer.ColumnPairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index)
        {
            var images = ImageColumns.RequireImage(Inputs[index]);
            var item = transformer.ItemTypeOf(images, Inputs[index].Name);
            return new(outputColumnName, new VectorDataViewType(item, transformer._planes.Dimensions(images.Height, images.Width)));
        }

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned)
        {
            var getImage = input.GetGetter<MLImage>(Inputs[index]);
            var type = (ImageDataViewType)Inputs[index].Type;
            var bytes = Enumerable.Range(0, 256);
            return transformer._settings is { AsFloat: true, Offset: var offset, Scale: var scale }
                ? transformer.Getter<float>(getImage, type, [.. bytes.Select(value => (value - offset) * scale)])
                : transformer.Getter<byte>(getImage, type, [.. bytes.Select(value => (byte)value)]);
        }
    }
}
