namespace MLPipelines.Pipelines;

/// <summary>Decoded images, where they lie, and how they came there.</summary>
internal sealed record DecodedImages(IPixels Pixels, IReadOnlyList<ImageItem> Items, string? CacheFile, bool WasDecoded, IReadOnlyList<string> Notes);
