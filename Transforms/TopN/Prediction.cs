namespace MLPipelines.Transforms;

/// <summary>One of the classes that a classifier thinks most likely.</summary>
/// <param name="Label">The name of the class; empty if its score is NaN.</param>
/// <param name="Probability">The score of the class as it was given; NaN if there is none.</param>
/// <param name="Rank">From 1, the most likely.</param>
public readonly record struct Prediction(string Label, float Probability, int Rank)
{
    /// <summary>Such as <c>1. tabby 0.8713</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rank}. {Label} {Probability:0.######}");
}
