using System.Runtime.CompilerServices;

namespace MLPipelines.Learning;

/// <summary>Where each pixel of a moved image comes from: <c>source = (XX x + XY y + X0, YX x + YY y + Y0)</c>, in pixels, the centre of the
/// upper left one at (0, 0).</summary>
public readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>Flips, scales and rotates about the centre, in this order, and then shifts.</summary>
    /// <param name="shape">The shape of the image.</param>
    /// <param name="angleDegrees">Counter-clockwise as seen.</param>
    /// <param name="scale">Above 0; 2 shows everything twice as long.</param>
    /// <param name="shiftX">Pixels to the right.</param>
    /// <param name="shiftY">Pixels down.</param>
    /// <param name="flipX">Whether left and right change places.</param>
    /// <param name="flipY">Whether top and bottom change places.</param>
    public static AffineMap Of(
        ImageShape shape, double angleDegrees = 0, double scale = 1, double shiftX = 0, double shiftY = 0, bool flipX = false, bool flipY = false)
    {
        // The way back: undo the shift, the rotation, the scale, the flip. The y axis points down, so that counter-clockwise is a negative angle.
        var (sine, cosine) = Math.SinCos(angleDegrees * Math.PI / 180);
        var (signX, signY) = (flipX ? -1 : 1, flipY ? -1 : 1);
        var (xx, xy) = (signX * cosine / scale, -signX * sine / scale);
        var (yx, yy) = (signY * sine / scale, signY * cosine / scale);
        var (centreX, centreY) = ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);
        return new(
            xx, xy, centreX - xx * (centreX + shiftX) - xy * (centreY + shiftY),
            yx, yy, centreY - yx * (centreX + shiftX) - yy * (centreY + shiftY));
    }

    /// <summary>Computes the moved image, each pixel interpolated bilinearly between the four that it falls between.</summary>
    /// <param name="source">The image, channels last.</param>
    /// <param name="target">Receives the moved image; must not overlap <paramref name="source"/>.</param>
    /// <param name="shape">The shape of both.</param>
    /// <param name="border">What lies around the image.</param>
    /// <param name="fillValue">The value around it with <see cref="BorderFill.Value"/>.</param>
    public void Resample(ReadOnlySpan<float> source, Span<float> target, ImageShape shape, BorderFill border, float fillValue)
    {
        var (height, width, channels) = (shape.Height, shape.Width, shape.Channels);
        var rowLength = width * channels;
        var at = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, at += channels)
            {
                var (fromX, fromY) = (XX * x + XY * y + X0, YX * x + YY * y + Y0);
                var (left, top) = ((int)Math.Floor(fromX), (int)Math.Floor(fromY));
                var (right, down) = ((float)(fromX - left), (float)(fromY - top));
                var pixel = target.Slice(at, channels);
                if ((uint)left < (uint)(width - 1) && (uint)top < (uint)(height - 1))
                {
                    var first = top * rowLength + left * channels;
                    var upper = source.Slice(first, 2 * channels);
                    var lower = source.Slice(first + rowLength, 2 * channels);
                    for (var c = 0; c < pixel.Length; c++)
                        pixel[c] = Between(Between(upper[c], upper[c + channels], right), Between(lower[c], lower[c + channels], right), down);
                }
                else
                {
                    var (x0, x1) = (Inside(left, width, border), Inside(left + 1, width, border));
                    var (y0, y1) = (Inside(top, height, border), Inside(top + 1, height, border));
                    for (var c = 0; c < pixel.Length; c++)
                    {
                        pixel[c] = Between(
                            Between(Value(source, x0, y0, c), Value(source, x1, y0, c), right),
                            Between(Value(source, x0, y1, c), Value(source, x1, y1, c), right),
                            down);
                    }
                }
            }
        }

        float Value(ReadOnlySpan<float> image, int x, int y, int c) => x < 0 || y < 0 ? fillValue : image[y * rowLength + x * channels + c];
    }

    /// <summary>The coordinate of the pixel that stands for one outside of the image, or −1 where that is the fill value.</summary>
    internal static int Inside(int coordinate, int size, BorderFill border)
    {
        if ((uint)coordinate < (uint)size) return coordinate;
        if (border == BorderFill.Value) return -1;
        if (border == BorderFill.Edge || size == 1) return coordinate < 0 ? 0 : size - 1;
        var period = 2 * (size - 1);
        var place = (coordinate % period + period) % period;
        return Math.Min(place, period - place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Between(float a, float b, float share) => a + (b - a) * share;
}
