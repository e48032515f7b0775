using System.Collections.Concurrent;

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

/// <summary>An image that could not be loaded.</summary>
/// <param name="Name">The path, or what <see cref="ImageLoadingOptions.NameColumn"/> says.</param>
/// <param name="Reason">What is wrong, in the words of the error.</param>
public sealed record SkippedImage(string Name, string Reason);

/// <summary>Collects the images that could not be loaded. Thread-safe.</summary>
/// <remarks>Data may be read more than once; an image that was skipped before is not counted again.</remarks>
public sealed class SkippedImageLog : IProgress<SkippedImage>
{
    private readonly ConcurrentDictionary<SkippedImage, byte> images = new();

    /// <summary>How many.</summary>
    public int Count => images.Count;

    /// <summary>Which, ordered by name.</summary>
    public IReadOnlyList<SkippedImage> Images => [.. images.Keys.OrderBy(image => image.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Report(SkippedImage value) => images.TryAdd(value, 0);
}

/// <summary>Where images come from and who is told of those that cannot be loaded.</summary>
public sealed record ImageLoadingOptions
{
    /// <summary>The folder that relative paths start from; null: the working directory. An absolute path wins.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>A text column that says what to call an image that comes as bytes, in errors; null: the input column's name.</summary>
    public string? NameColumn { get; init; }

    /// <summary>Is told of every image that could not be loaded, with <see cref="ImageErrorPolicy.Missing"/>; from several threads at once.</summary>
    public IProgress<SkippedImage>? Skipped { get; init; }
}
