using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>Images made for tests, and how far apart two are.</summary>
internal static class Pixels
{
    /// <summary>The mean of |a − b| over all values, from 0 to 255.</summary>
    public static double MeanDifference(RasterImage a, RasterImage b) => a.Pixels.Zip(b.Pixels, (x, y) => (double)Math.Abs(x - y)).Average();

    /// <summary>The largest |a − b|.</summary>
    public static int LargestDifference(RasterImage a, RasterImage b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>One colour everywhere.</summary>
    public static RasterImage Plain(int width, int height, params byte[] color) =>
        new(width, height, color.Length, [.. Enumerable.Repeat(color, width * height).SelectMany(pixel => pixel)]);

    /// <summary>A smooth picture: each channel a ramp of its own direction.</summary>
    public static RasterImage Ramps(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                int[] ramps = [x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height), 255 - (x * 128 / width)];
                for (var c = 0; c < channels; c++)
                    pixels[(((y * width) + x) * channels) + c] = (byte)ramps[c];
            }
        }

        return new RasterImage(width, height, channels, pixels);
    }
}
