namespace MLPipelines.Transforms;

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
