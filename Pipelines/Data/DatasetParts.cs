namespace MLPipelines.Pipelines;

/// <summary>The names of a data set's parts, and the many ways in which people write them.</summary>
public static class DatasetParts
{
    /// <summary>The part that models learn from.</summary>
    public const string Train = "train";

    /// <summary>The part that models are judged by.</summary>
    public const string Test = "test";

    /// <summary>The part for choices made while training.</summary>
    public const string Validation = "validation";

    /// <summary>Stands for every part, where one part could be named.</summary>
    public const string All = "all";

    /// <summary>The part that a folder or file name stands for: <c>training</c> is <see cref="Train"/>, <c>t10k</c> is <see cref="Test"/>,
    /// <c>val</c> is <see cref="Validation"/>; null where it is no part's name.</summary>
    public static string? Named(string name) => name.ToLowerInvariant() switch
    {
        "train" or "training" => Train,
        "test" or "testing" or "t10k" => Test,
        "validation" or "valid" or "val" => Validation,
        _ => null,
    };
}
