namespace MLPipelines.Evaluation;

/// <summary>The metrics that need the scores of the rows.</summary>
public static class ScoreMetrics
{
    /// <summary>The mean surprise at the true class, in nats: 0 is perfect, ln K is guessing all of K classes alike.</summary>
    public static Metric LogLoss { get; } = new(
        "log_loss", "Log-loss", "mean of −ln p̂(true class); p̂ clipped to [ε, 1 − ε], ε = 2⁻⁵², then divided by its sum over the row",
        "scikit-learn log_loss", MetricDirection.LowerIsBetter, Of(s => s.LogLossByClass.Sum() / s.Weight));

    /// <summary>How much of the surprise the model takes away from someone who knows only the label frequencies of these rows; 1 is all.</summary>
    public static Metric LogLossReduction { get; } = new(
        "log_loss_reduction", "Log-loss reduction", "(H − log-loss) / H, H = −Σ_c (n_c/N)·ln(n_c/N)", "ML.NET LogLossReduction",
        MetricDirection.HigherIsBetter, Of(s =>
        {
            var entropy = s.WeightByClass.Where(weight => weight > 0).Sum(weight => -weight / s.Weight * Math.Log(weight / s.Weight));
            return entropy > 0 ? 1 - (s.LogLossByClass.Sum() / s.Weight / entropy) : double.NaN;
        }));

    /// <summary>The squared distance of the scores from the truth, from 0 to 2.</summary>
    public static Metric Brier { get; } = new(
        "brier", "Brier score", "mean over rows of Σ_c (p_c − y_c)²", "Brier 1950", MetricDirection.LowerIsBetter, Of(s => s.SquaredError / s.Weight));

    /// <summary>How far confidence lies from accuracy, on average over the rows; undefined where scores are no probabilities.</summary>
    public static Metric ExpectedCalibrationError { get; } = new(
        "ece", "Expected calibration error", "Σ_b (n_b / N)·|accuracy_b − confidence_b| over equal-width bins (lower, upper] of the highest score",
        "Guo et al. 2017", MetricDirection.LowerIsBetter, Of(s => s.Calibration.ExpectedError));

    /// <summary>How far confidence lies from accuracy in the worst bin; undefined where scores are no probabilities.</summary>
    public static Metric MaximumCalibrationError { get; } = new(
        "mce", "Maximum calibration error", "max_b |accuracy_b − confidence_b| over the same bins", "Naeini et al. 2015; Guo et al. 2017",
        MetricDirection.LowerIsBetter, Of(s => s.Calibration.MaximumError));

    /// <summary>The mean ROC AUC of the classes that occur.</summary>
    public static Metric MacroRocAuc { get; } = new(
        "macro_roc_auc", "ROC AUC, macro", "mean of ROC AUC over the classes that have it", "scikit-learn roc_auc_score (multi_class=ovr, average=macro)",
        MetricDirection.HigherIsBetter, e => LabelMetrics.Average(e.Matrix, c => ClassMetrics.RocAuc.Of(e, c)));

    /// <summary>The mean average precision of the classes that occur.</summary>
    public static Metric MacroAveragePrecision { get; } = new(
        "macro_average_precision", "Average precision, macro", "mean of average precision over the classes that have it",
        "scikit-learn average_precision_score (average=macro)", MetricDirection.HigherIsBetter,
        e => LabelMetrics.Average(e.Matrix, c => ClassMetrics.AveragePrecision.Of(e, c)));

    /// <summary>Every metric of scores, in the order in which tables list them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
        [LogLoss, LogLossReduction, Brier, ExpectedCalibrationError, MaximumCalibrationError, MacroRocAuc, MacroAveragePrecision];

    /// <summary>Top-k accuracy: the share of rows whose true class is among the k highest scores, the lower index first among equals.</summary>
    /// <param name="k">From 1, which is accuracy, to the number of classes, which is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static Metric TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return new(
            $"top_{k}_accuracy", $"Top-{k} accuracy", $"share of rows with #(s > s_true) + #(s = s_true at a lower index) < {k}",
            "scikit-learn top_k_accuracy_score, except that among equals the lower index comes first", MetricDirection.HigherIsBetter,
            Of(s => s.WeightByRank.Take(k).Sum() / s.Weight));
    }

    private static Func<Evidence, double> Of(Func<ScoreSummary, double> value) => e => e.Scores is { Weight: > 0 } scores ? value(scores) : double.NaN;
}
