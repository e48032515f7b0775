namespace MLPipelines.Transforms;

/// <summary>Whether the loss of a fitted temperature has its minimum within the range that was searched.</summary>
public enum TemperatureBound
{
    /// <summary>Within the range: a true minimum.</summary>
    None,

    /// <summary>
    /// The loss falls to the smallest temperature allowed, as it does when the true class always has the highest score: such rows ask for
    /// certainty and do not say how much is too much. The temperature stays at 1.
    /// </summary>
    Lowest,

    /// <summary>The largest temperature allowed: the scores say less than nothing about the labels.</summary>
    Highest,
}
