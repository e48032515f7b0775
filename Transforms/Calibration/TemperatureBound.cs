namespace MLPipelines.Transforms;

/// <summary>Whether a fitted temperature lies at the end of the range that was searched.</summary>
public enum TemperatureBound
{
    /// <summary>Within the range: a true minimum.</summary>
    None,

    /// <summary>The smallest temperature allowed: the loss still falls, as it does when the true class always has the highest score.</summary>
    Lowest,

    /// <summary>The largest temperature allowed: the scores say less than nothing about the labels.</summary>
    Highest,
}
