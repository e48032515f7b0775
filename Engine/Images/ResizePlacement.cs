namespace Microsoft.ML.Transforms.Image;

/// <summary>Where a resized image lies on its canvas, in pixels; parts outside of the canvas are cut off.</summary>
/// <remarks>ML.NET's arithmetic to the letter: single precision, then truncation towards zero, by which a side can come out one pixel short.</remarks>
internal readonly record struct ResizePlacement(int X, int Y, int Width, int Height)
{
    /// <summary>The placement of an image that keeps its proportions.</summary>
    /// <param name="width">The width of the image.</param>
    /// <param name="height">The height of the image.</param>
    /// <param name="canvasWidth">The width to fill.</param>
    /// <param name="canvasHeight">The height to fill.</param>
    /// <param name="isPadded">True: all of the image is seen, bars fill the rest. False: the canvas is covered, what stands out is cut off.</param>
    /// <param name="anchor">
    /// Which side cropping keeps: Top and Bottom count where rows are cut off, Left and Right where columns are; any other keeps the middle.
    /// Padding is always even.
    /// </param>
    public static ResizePlacement Of(
        int width, int height, int canvasWidth, int canvasHeight, bool isPadded, ImageResizingEstimator.Anchor anchor)
    {
        var widthRatio = (float)canvasWidth / width;
        var heightRatio = (float)canvasHeight / height;

        // Bars stand left and right where the height is the tighter side; there cropping cuts rows off.
        var isHorizontal = isPadded == heightRatio < widthRatio;
        var ratio = isHorizontal ? heightRatio : widthRatio;
        var spare = isHorizontal ? canvasWidth - width * ratio : canvasHeight - height * ratio;

        var (start, end) = isHorizontal
            ? (ImageResizingEstimator.Anchor.Left, ImageResizingEstimator.Anchor.Right)
            : (ImageResizingEstimator.Anchor.Top, ImageResizingEstimator.Anchor.Bottom);
        var offset = isPadded || (anchor != start && anchor != end) ? (int)(spare / 2)
            : anchor == start ? 0
            : (int)spare;

        return new(isHorizontal ? offset : 0, isHorizontal ? 0 : offset, (int)(width * ratio), (int)(height * ratio));
    }
}
