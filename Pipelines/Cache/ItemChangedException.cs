namespace MLPipelines.Pipelines;

/// <summary>An image is not what it was a moment ago; no policy for bad items passes over it.</summary>
internal sealed class ItemChangedException(ImageItem item, Exception? cause = null) : IOException(
    $"Image '{item.Id}' was changed while the data set was read{(cause is null ? "" : $" ({cause.Message})")}; run again when nobody writes to it.",
    cause);
