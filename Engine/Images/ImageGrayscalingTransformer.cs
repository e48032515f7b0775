using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes a column of images grey: 0.3 red + 0.59 green + 0.11 blue, rounded, in all three colours; alpha stays. A null image stays null.</summary>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ImageGrayscaling";

    internal ImageGrayscalingTransformer(MLContext context, InputOutputColumnPair columns) : base(context, columns)
    {
    }

    internal InputOutputColumnPair Columns => ColumnPairs[0];

    internal static ImageGrayscalingTransformer Load(ModelLoadContext context) =>
        ImageColumns.Load(context, context.ReadState<State>().Columns, columns => new ImageGrayscalingTransformer(context.Context, columns));

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.WriteState(Signature, new State(ColumnPairState.Of(ColumnPairs)));

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(schema, ColumnPairs);

    private static MLImage Grey(MLImage image)
    {
        if (image is null)
            return null;
        var (red, blue) = PixelBytes.RedAndBlue(image.PixelFormat);
        var source = image.Pixels;
        var grey = new byte[source.Length];
        for (var pixel = 0; pixel < grey.Length; pixel += 4)
        {
            // In hundredths; the half is for rounding.
            var luma = (byte)((30 * source[pixel + red] + 59 * source[pixel + 1] + 11 * source[pixel + blue] + 50) / 100);
            (grey[pixel], grey[pixel + 1], grey[pixel + 2], grey[pixel + 3]) = (luma, luma, luma, source[pixel + 3]);
        }

        return MLImage.Of(image.Width, image.Height, grey, image.Tag);
    }

    private sealed record State(ColumnPairState[] Columns);

    private sealed class Mapper(DataViewSchema schema, InputOutputColumnPair[] pairs) : OneToOneRowMapper(schema, pairs)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index) =>
            new(outputColumnName, ImageColumns.RequireImage(Inputs[index]));

        protected override Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned)
        {
            var getImage = input.GetGetter<MLImage>(Inputs[index]);
            return new ValueGetter<MLImage>((ref MLImage value) =>
            {
                MLImage image = null;
                getImage(ref image);
                value = Grey(image);
            });
        }
    }
}
