using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which bytes of an image's pixels go where in a vector.</summary>
/// <param name="Colors">The colours, in the order in which they are extracted: letters of ARGB.</param>
/// <param name="Interleaved">True: the colours of a pixel side by side. False: a plane for each colour.</param>
internal sealed record PixelPlanes(string Colors, bool Interleaved)
{
    public static PixelPlanes Of(
        ImagePixelExtractingEstimator.ColorBits colors, ImagePixelExtractingEstimator.ColorsOrder order, bool interleaved) => new(
            string.Concat(order.ToString().Where(letter => colors.HasFlag(letter switch
            {
                'A' => ImagePixelExtractingEstimator.ColorBits.Alpha,
                'R' => ImagePixelExtractingEstimator.ColorBits.Red,
                'G' => ImagePixelExtractingEstimator.ColorBits.Green,
                _ => ImagePixelExtractingEstimator.ColorBits.Blue,
            }))),
            interleaved);

    /// <summary>The dimensions of the vector of an image.</summary>
    public int[] Dimensions(int height, int width) => Interleaved ? [height, width, Colors.Length] : [Colors.Length, height, width];

    /// <summary>Writes <paramref name="valueOf"/>[byte] for every byte extracted.</summary>
    /// <param name="image">The image.</param>
    /// <param name="valueOf">256 values.</param>
    /// <param name="target">As many values as the dimensions say.</param>
    public void Extract<T>(MLImage image, ReadOnlySpan<T> valueOf, Span<T> target)
    {
        var pixels = image.Pixels;
        var count = pixels.Length / 4;
        var (red, blue) = PixelBytes.RedAndBlue(image.PixelFormat);

        for (var plane = 0; plane < Colors.Length; plane++)
        {
            var from = Colors[plane] switch { 'A' => 3, 'R' => red, 'G' => 1, _ => blue };
            var (to, step) = Interleaved ? (plane, Colors.Length) : (plane * count, 1);
            for (var pixel = 0; pixel < count; pixel++, from += 4, to += step)
                target[to] = valueOf[pixels[from]];
        }
    }
}
