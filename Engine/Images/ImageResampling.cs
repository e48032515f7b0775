using Microsoft.ML.Data;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The arithmetic of resizing an image.</summary>
internal static class ImageResampling
{
    // Cropping a strip of an image can enlarge it far beyond the canvas; from this many times the canvas on, only the part of the image that
    // will be seen is resized.
    private const int LongestSideInCanvases = 8;

    /// <summary>The image stretched to the canvas; every pixel takes the source pixel under its centre.</summary>
    public static MLImage Stretch(MLImage image, int width, int height)
    {
        var source = image.Pixels;
        var target = new byte[4 * width * height];
        var (blueFirst, sourceWidth) = (image.PixelFormat == MLPixelFormat.Bgra32, image.Width);

        for (int y = 0, to = 0; y < height; y++)
        {
            var row = source.Slice(4 * sourceWidth * Nearest(y, height, image.Height), 4 * sourceWidth);
            for (var x = 0; x < width; x++, to += 4)
            {
                var pixel = row.Slice(4 * Nearest(x, width, sourceWidth), 4);
                (target[to], target[to + 1], target[to + 2], target[to + 3]) =
                    blueFirst ? (pixel[0], pixel[1], pixel[2], pixel[3]) : (pixel[2], pixel[1], pixel[0], pixel[3]);
            }
        }

        return MLImage.Of(width, height, target, image.Tag);
    }

    /// <summary>The image in its proportions on a black, opaque canvas; Mitchell's cubic filter, which averages when it makes smaller.</summary>
    public static MLImage Fit(MLImage image, int width, int height, bool isPadded, ImageResizingEstimator.Anchor anchor)
    {
        var placement = ResizePlacement.Of(image.Width, image.Height, width, height, isPadded, anchor);
        var canvas = new byte[4 * width * height];
        for (var alpha = 3; alpha < canvas.Length; alpha += 4)
            canvas[alpha] = byte.MaxValue;

        // An image a thousand times as wide as high has no row left when it is padded into a square.
        if (placement is { Width: > 0, Height: > 0 })
        {
            var colors = PixelBytes.OnBlack(image.Pixels, image.Width, image.Height, image.PixelFormat);
            Draw(colors, placement, canvas, width, height);
        }

        return MLImage.Of(width, height, canvas, image.Tag);
    }

    private static int Nearest(int target, int targetSize, int sourceSize) => (int)((2L * target + 1) * sourceSize / (2L * targetSize));

    private static void Draw(RasterImage image, ResizePlacement placement, byte[] canvas, int width, int height)
    {
        if (placement.Width > LongestSideInCanvases * (long)width)
            (image, placement) = WithoutHiddenColumns(image, placement, width);
        else if (placement.Height > LongestSideInCanvases * (long)height)
            (image, placement) = WithoutHiddenRows(image, placement, height);

        var resized = ImageCodec.Resize(image, placement.Width, placement.Height, ResizeKernel.Mitchell);
        var (left, right) = (Math.Max(0, placement.X), Math.Min(width, placement.X + placement.Width));
        for (var y = Math.Max(0, placement.Y); y < Math.Min(height, placement.Y + placement.Height); y++)
        {
            var from = 3 * ((y - placement.Y) * placement.Width + left - placement.X);
            for (int x = left, to = 4 * (y * width + left); x < right; x++, to += 4, from += 3)
                (canvas[to], canvas[to + 1], canvas[to + 2]) = (resized.Pixels[from + 2], resized.Pixels[from + 1], resized.Pixels[from]);
        }
    }

    private static (RasterImage, ResizePlacement) WithoutHiddenColumns(RasterImage image, ResizePlacement placement, int width)
    {
        var (first, count, offset, size) = Visible(image.Width, placement.X, placement.Width, width);
        var columns = new byte[3 * count * image.Height];
        for (var y = 0; y < image.Height; y++)
            image.Pixels.AsSpan(3 * (y * image.Width + first), 3 * count).CopyTo(columns.AsSpan(3 * y * count));
        return (new RasterImage(count, image.Height, 3, columns), placement with { X = offset, Width = size });
    }

    private static (RasterImage, ResizePlacement) WithoutHiddenRows(RasterImage image, ResizePlacement placement, int height)
    {
        var (first, count, offset, size) = Visible(image.Height, placement.Y, placement.Height, height);
        var rows = image.Pixels.AsSpan(3 * image.Width * first, 3 * image.Width * count).ToArray();
        return (new RasterImage(image.Width, count, 3, rows), placement with { Y = offset, Height = size });
    }

    // The source pixels that show on the canvas, with a margin for the filter, and where they then lie.
    private static (int First, int Count, int Offset, int Size) Visible(int sourceSize, int offset, int size, int canvasSize)
    {
        const int Margin = 4;
        var ratio = (double)size / sourceSize;
        var margin = Margin * Math.Max(1, 1 / ratio);
        var first = (int)Math.Max(0, Math.Floor(-offset / ratio - margin));
        var last = (int)Math.Min(sourceSize, Math.Ceiling((canvasSize - offset) / ratio + margin));
        return (first, last - first, offset + (int)Math.Round(first * ratio), Math.Max(1, (int)Math.Round((last - first) * ratio)));
    }
}
