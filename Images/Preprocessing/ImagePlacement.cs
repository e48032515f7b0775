namespace MLPipelines.Images;

/// <summary>Which part of an image, resized to which size, lands where in the tensor.</summary>
/// <param name="ResizedWidth">Width of the whole image after resizing; only the window is ever computed.</param>
/// <param name="ResizedHeight">Height of the whole image after resizing.</param>
/// <param name="CropX">First column of the window in the resized image.</param>
/// <param name="CropY">First row of the window in the resized image.</param>
/// <param name="TargetX">First column of the window in the tensor; the background is left of it.</param>
/// <param name="TargetY">First row of the window in the tensor.</param>
/// <param name="Width">Columns of the window.</param>
/// <param name="Height">Rows of the window.</param>
internal readonly record struct ImagePlacement(
    long ResizedWidth, long ResizedHeight, long CropX, long CropY, int TargetX, int TargetY, int Width, int Height)
{
    /// <summary>Places an image of the given size.</summary>
    /// <exception cref="InvalidDataException">The mode is <see cref="ResizeMode.None"/> and the size is another.</exception>
    public static ImagePlacement Of(int width, int height, ImagePreprocessing target, string name) => target.Resize switch
    {
        ResizeMode.Stretch => new(target.Width, target.Height, 0, 0, 0, 0, target.Width, target.Height),
        ResizeMode.CropShorterSide => Crop(width, height, target),
        ResizeMode.Pad => Pad(width, height, target),
        ResizeMode.None when (width, height) == (target.Width, target.Height) => new(width, height, 0, 0, 0, 0, width, height),
        ResizeMode.None => throw new InvalidDataException(
            $"{name} is {width}×{height} pixels; {target.Width}×{target.Height} are expected, and the preprocessing says Resize = None. "
            + "Use Stretch, CropShorterSide or Pad to take images of any size."),
        _ => throw new InvalidOperationException($"Bug in MLPipelines: resize mode {target.Resize}."),
    };

    // torchvision: Resize(side) truncates the longer side; CenterCrop rounds half to even, as Python's round does.
    private static ImagePlacement Crop(int width, int height, ImagePreprocessing target)
    {
        // The side that decides gets `side` pixels, the other follows.
        var fromWidth = target.ShorterSide is null ? (long)target.Width * height >= (long)target.Height * width : width <= height;
        long side = target.ShorterSide ?? (fromWidth ? target.Width : target.Height);
        var (resizedWidth, resizedHeight) = fromWidth ? (side, side * height / width) : (side * width / height, side);
        return new(
            resizedWidth, resizedHeight, HalfToEven(resizedWidth - target.Width), HalfToEven(resizedHeight - target.Height),
            0, 0, target.Width, target.Height);
    }

    // Pillow, ImageOps.pad: the side that does not fill the target is rounded, half to even, and never vanishes.
    private static ImagePlacement Pad(int width, int height, ImagePreprocessing target)
    {
        var wide = (long)width * target.Height >= (long)height * target.Width;
        var resizedWidth = wide ? target.Width : Math.Max(1, (int)Math.Round((double)width / height * target.Height));
        var resizedHeight = wide ? Math.Max(1, (int)Math.Round((double)height / width * target.Width)) : target.Height;
        return new(
            resizedWidth, resizedHeight, 0, 0,
            (int)HalfToEven(target.Width - resizedWidth), (int)HalfToEven(target.Height - resizedHeight), resizedWidth, resizedHeight);
    }

    private static long HalfToEven(long pixels) => (long)Math.Round(pixels / 2.0);
}
