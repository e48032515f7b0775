using MLPipelines.Native;

namespace Microsoft.ML.Data;

/// <summary>Between the pixels of <see cref="MLImage"/> (4 bytes, colours multiplied by alpha) and those of <see cref="RasterImage"/> (1, 3 or 4 bytes, not multiplied).</summary>
internal static class PixelBytes
{
    /// <summary>The BGRA pixels of a decoded image.</summary>
    public static byte[] FromRaster(RasterImage raster)
    {
        var source = raster.Pixels.AsSpan();
        var channels = raster.Channels;
        var bgra = new byte[4 * raster.Width * raster.Height];

        for (int from = 0, to = 0; to < bgra.Length; from += channels, to += 4)
        {
            var pixel = source.Slice(from, channels);
            var (red, green, blue) = channels == 1 ? (pixel[0], pixel[0], pixel[0]) : (pixel[0], pixel[1], pixel[2]);
            var alpha = channels == 4 ? pixel[3] : byte.MaxValue;
            (bgra[to], bgra[to + 1], bgra[to + 2], bgra[to + 3]) = (Multiplied(blue, alpha), Multiplied(green, alpha), Multiplied(red, alpha), alpha);
        }

        return bgra;
    }

    /// <summary>The pixels as RGBA, or as RGB where all are opaque.</summary>
    public static RasterImage ToRaster(ReadOnlySpan<byte> pixels, int width, int height, MLPixelFormat format)
    {
        var (red, blue) = RedAndBlue(format);
        var channels = IsOpaque(pixels) ? 3 : 4;
        var raster = new byte[channels * width * height];

        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += channels)
        {
            var pixel = pixels.Slice(from, 4);
            var alpha = pixel[3];
            (raster[to], raster[to + 1], raster[to + 2]) = (Divided(pixel[red], alpha), Divided(pixel[1], alpha), Divided(pixel[blue], alpha));
            if (channels == 4)
                raster[to + 3] = alpha;
        }

        return new RasterImage(width, height, channels, raster);
    }

    /// <summary>Red, green and blue as they look on black.</summary>
    public static RasterImage OnBlack(ReadOnlySpan<byte> pixels, int width, int height, MLPixelFormat format)
    {
        var (red, blue) = RedAndBlue(format);
        var raster = new byte[3 * width * height];
        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
            (raster[to], raster[to + 1], raster[to + 2]) = (pixels[from + red], pixels[from + 1], pixels[from + blue]);
        return new RasterImage(width, height, 3, raster);
    }

    /// <summary>Where in a pixel the red and the blue byte are; green is 1, alpha 3.</summary>
    public static (int Red, int Blue) RedAndBlue(MLPixelFormat format) => format == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);

    private static bool IsOpaque(ReadOnlySpan<byte> pixels)
    {
        for (var alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            if (pixels[alpha] != byte.MaxValue)
                return false;
        }

        return true;
    }

    private static byte Multiplied(byte color, byte alpha) => (byte)((color * alpha + 127) / 255);

    private static byte Divided(byte color, byte alpha) => alpha is 0 or byte.MaxValue ? color : (byte)Math.Min(255, (color * 255 + alpha / 2) / alpha);
}
