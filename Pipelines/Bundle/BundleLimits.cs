namespace MLPipelines.Pipelines;

/// <summary>How large a bundle may be before it is refused unread, so that a hostile file cannot fill memory.</summary>
public sealed record BundleLimits
{
    /// <summary>The most bytes that all files together may unpack to; 2 GiB by default, the most that an ONNX file can have.</summary>
    public long MaximumBytes { get; init; } = 2L << 30;

    /// <summary>The most files.</summary>
    public int MaximumEntries { get; init; } = 64;

    /// <summary>The most times that a file of over 1 MiB may be larger than its compressed form.</summary>
    public int MaximumRatio { get; init; } = 200;
}
