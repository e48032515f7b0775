namespace MLPipelines.Pipelines;

/// <summary>An image that could not be decoded, and why.</summary>
internal readonly record struct BadImage(int Item, string Reason);
