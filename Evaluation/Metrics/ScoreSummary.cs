namespace MLPipelines.Evaluation;

/// <summary>The sums over the used rows from which the metrics of scores are made. Weights count everywhere.</summary>
public sealed record ScoreSummary
{
    /// <summary>The used rows: the sum of their weights.</summary>
    public required double Weight { get; init; }

    /// <summary>The used rows by true class.</summary>
    public required IReadOnlyList<double> WeightByClass { get; init; }

    /// <summary>The used rows by the rank of the true class, from 0: how many classes come before it, the lower index first among equal scores.</summary>
    public required IReadOnlyList<double> WeightByRank { get; init; }

    /// <summary>The sum of −ln p̂(true class) in nats, by true class.</summary>
    public required IReadOnlyList<double> LogLossByClass { get; init; }

    /// <summary>The sum of Σ_c (p_c − y_c)².</summary>
    public required double SquaredError { get; init; }

    /// <summary>How confidence and accuracy agree.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>By class, how well its scores rank its rows before the others.</summary>
    public required IReadOnlyList<ClassRanking> Rankings { get; init; }

    /// <summary>By class, its calibration error over the same bins; NaN where scores are no probabilities.</summary>
    public required IReadOnlyList<double> ClasswiseCalibrationError { get; init; }
}

/// <summary>How well the scores of a class rank its rows before those of the other classes.</summary>
/// <param name="RocAuc">Area under the ROC curve, ties one half; NaN if all rows or none are of the class.</param>
/// <param name="AveragePrecision">Average precision, equal scores taken together; NaN if no row is of the class.</param>
public readonly record struct ClassRanking(double RocAuc, double AveragePrecision);
