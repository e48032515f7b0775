namespace MLPipelines.Transforms;

/// <summary>What happens to a row whose image cannot be loaded.</summary>
public enum ImageErrorPolicy
{
    /// <summary>Reading the row throws an <see cref="InvalidDataException"/> that names the image. Right for training.</summary>
    Fail,

    /// <summary>
    /// The row gets a tensor of NaN; scores become NaN and no class is named, so that nothing is dropped and nothing guessed. Each such image
    /// is told to <see cref="ImageLoadingOptions.Skipped"/>.
    /// </summary>
    Missing,
}
