using System.Collections.Concurrent;

namespace MLPipelines.Transforms;

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
