namespace MLPipelines.Transforms;

/// <summary>An image that could not be loaded.</summary>
/// <param name="Name">The path, or what <see cref="ImageLoadingOptions.NameColumn"/> says.</param>
/// <param name="Reason">What is wrong, in the words of the error.</param>
public sealed record SkippedImage(string Name, string Reason);
