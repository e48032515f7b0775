using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>The preprocessing that a data set suggests.</summary>
internal static class FirstImage
{
    /// <summary>The size and colours of the first image that can be read; the size only where the image is small enough.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="largestGreySide">Where a side of a grey image is longer, images are stretched to a square of this side.</param>
    /// <param name="largestColourSide">The same for images in colour.</param>
    /// <exception cref="InvalidDataException">No image can be read, or one is bad and the policy is to fail.</exception>
    public static ImagePreprocessing Preprocessing(ImageDataset dataset, int largestGreySide, int largestColourSide)
    {
        var image = Of(dataset);
        var isGrey = image.Channels == 1;
        var largest = isGrey ? largestGreySide : largestColourSide;
        var isSmall = image.Width <= largest && image.Height <= largest;
        return new ImagePreprocessing
        {
            Width = isSmall ? image.Width : largest,
            Height = isSmall ? image.Height : largest,
            Resize = ResizeMode.Stretch,
            Colors = isGrey ? ColorOrder.Grey : ColorOrder.Rgb,
        };
    }

    private static RasterImage Of(ImageDataset dataset)
    {
        foreach (var item in dataset.Items)
        {
            try
            {
                return ImageCodec.Decode(item.ReadBytes(), new ImageDecodeSettings { Damage = dataset.Bad.Damage }, item.Id);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                dataset.Bad.Report(item.Id, item.Part, error.Message, error);
            }
        }

        throw new InvalidDataException($"None of the {dataset.Items.Count:N0} images of '{dataset.Name}' can be read.");
    }
}
