namespace MLPipelines.Evaluation;

/// <summary>What stands where precision, recall or F1 divides zero by zero.</summary>
public enum ZeroDivision
{
    /// <summary>NaN, printed “n/a” and left out of macro and weighted averages; as scikit-learn with <c>zero_division=nan</c>.</summary>
    NaN,

    /// <summary>0, which counts in the averages; scikit-learn’s default.</summary>
    Zero,

    /// <summary>1, which counts in the averages.</summary>
    One,
}

/// <summary>Settings of <see cref="ClassificationEvaluation.Of"/>. The defaults suit a report.</summary>
public sealed record EvaluationOptions
{
    /// <summary>What stands where precision, recall or F1 divides zero by zero. Default: NaN.</summary>
    public ZeroDivision ZeroDivision { get; init; } = ZeroDivision.NaN;

    /// <summary>Number of equal-width bins of the reliability diagram and of the expected calibration error, at least 1. Default: 15.</summary>
    public int CalibrationBins
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(CalibrationBins), value, "There must be at least one calibration bin.");
    } = 15;

    /// <summary>Largest number of mistakes that <see cref="ClassificationEvaluation.WorstMistakes"/> lists. Default: 50.</summary>
    public int WorstMistakes
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WorstMistakes), value, "The number of listed mistakes must be 0 or more.");
    } = 50;

    /// <summary>How many of the highest scores are listed with each mistake, at least 1. Default: 3.</summary>
    public int TopN
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopN), value, "At least one class must be listed with a mistake.");
    } = 3;

    /// <summary>Largest number of pairs that <see cref="ClassificationEvaluation.MostConfused"/> lists. Default: 20.</summary>
    public int ConfusedPairs
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(ConfusedPairs), value, "The number of listed pairs must be 0 or more.");
    } = 20;

    /// <summary>Coverage of the confidence intervals, between 0 and 1. Default: 0.95.</summary>
    public double IntervalLevel
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(IntervalLevel), value, "The level of a confidence interval lies between 0 and 1, such as 0.95.");
    } = 0.95;
}
