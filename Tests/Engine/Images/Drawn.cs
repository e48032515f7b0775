using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine.Images;

/// <summary>Images of given pixels, and the pixels of images.</summary>
internal static class Drawn
{
    /// <summary>An opaque image with the colour (red, green, blue) of <paramref name="color"/>(x, y).</summary>
    public static MLImage Image(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color)
    {
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (red, green, blue) = color(i % width, i / width);
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = ((byte)blue, (byte)green, (byte)red, 255);
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    /// <summary>An image of one colour.</summary>
    public static MLImage Plain(int width, int height, int red, int green, int blue) => Image(width, height, (_, _) => (red, green, blue));

    /// <summary>4 × 2 pixels: red = 10 x, green = 100 + y, blue = 200.</summary>
    public static MLImage Ramp() => Image(4, 2, (x, y) => (10 * x, 100 + y, 200));

    /// <summary>The red bytes, row by row.</summary>
    public static int[][] Reds(MLImage image) =>
        [.. Enumerable.Range(0, image.Height)
            .Select(y => Enumerable.Range(0, image.Width).Select(x => (int)image.Pixels[4 * (y * image.Width + x) + 2]).ToArray())];
}
