namespace MLPipelines.Evaluation;

/// <summary>The metrics of one class against the rest.</summary>
public static class ClassMetrics
{
    /// <summary>Of the rows predicted as the class, the share that are of it.</summary>
    public static ClassMetric Precision { get; } = new(
        "precision", "Precision", "TP / (TP + FP)", "van Rijsbergen 1979; scikit-learn precision_score", MetricDirection.HigherIsBetter,
        (e, c) => Quotient(e.Matrix[c, c], e.Matrix.Predicted(c), e.ZeroDivision));

    /// <summary>Of the rows of the class, the share predicted as it.</summary>
    public static ClassMetric Recall { get; } = new(
        "recall", "Recall", "TP / (TP + FN)", "van Rijsbergen 1979; scikit-learn recall_score", MetricDirection.HigherIsBetter,
        (e, c) => Quotient(e.Matrix[c, c], e.Matrix.Support(c), e.ZeroDivision));

    /// <summary>The harmonic mean of precision and recall; undefined only where the class neither occurs nor is predicted.</summary>
    public static ClassMetric F1 { get; } = new(
        "f1", "F1", "2·TP / (2·TP + FP + FN)", "van Rijsbergen 1979; scikit-learn f1_score", MetricDirection.HigherIsBetter,
        (e, c) => Quotient(2 * e.Matrix[c, c], e.Matrix.Support(c) + e.Matrix.Predicted(c), e.ZeroDivision));

    /// <summary>The rows of the class: their number, or the sum of their weights.</summary>
    public static ClassMetric Support { get; } = new(
        "support", "Support", "TP + FN", "scikit-learn precision_recall_fscore_support", MetricDirection.Neutral,
        (e, c) => e.Matrix.Support(c));

    /// <summary>Of the rows of other classes, the share not predicted as the class.</summary>
    public static ClassMetric Specificity { get; } = new(
        "specificity", "Specificity", "TN / (TN + FP)", "Yerushalmy 1947", MetricDirection.HigherIsBetter, (e, c) =>
        {
            var others = e.Matrix.Total - e.Matrix.Support(c);
            var falsePositives = e.Matrix.Predicted(c) - e.Matrix[c, c];
            return (others - falsePositives) / others;
        });

    /// <summary>The chance that a row of the class has a higher score for it than a row of another class; ties count one half.</summary>
    public static ClassMetric RocAuc { get; } = new(
        "roc_auc", "ROC AUC", "P(s⁺ > s⁻) + ½·P(s⁺ = s⁻), one against the rest", "Hanley & McNeil 1982; scikit-learn roc_auc_score",
        MetricDirection.HigherIsBetter, (e, c) => e.Scores?.Rankings[c].RocAuc ?? double.NaN);

    /// <summary>The precision at each score of the class, from the highest down, weighted by the gain in recall there.</summary>
    public static ClassMetric AveragePrecision { get; } = new(
        "average_precision", "Average precision", "Σₙ (Rₙ − Rₙ₋₁)·Pₙ over the distinct scores", "scikit-learn average_precision_score",
        MetricDirection.HigherIsBetter, (e, c) => e.Scores?.Rankings[c].AveragePrecision ?? double.NaN);

    /// <summary>The log-loss of the rows of the class alone.</summary>
    public static ClassMetric LogLoss { get; } = new(
        "log_loss", "Log-loss", "mean of −ln p̂(true class) over the rows of the class", "ML.NET PerClassLogLoss; clipped as scikit-learn log_loss",
        MetricDirection.LowerIsBetter, (e, c) => e.Scores is { } scores ? scores.LogLossByClass[c] / scores.WeightByClass[c] : double.NaN);

    /// <summary>How far the probabilities given for the class lie from how often it is right, on average over all rows.</summary>
    public static ClassMetric CalibrationError { get; } = new(
        "ece", "Calibration error (classwise)", "Σ_b (n_b / N)·|share of the class in b − mean score for it in b|", "Kull et al. 2019",
        MetricDirection.LowerIsBetter, (e, c) => e.Scores?.ClasswiseCalibrationError[c] ?? double.NaN);

    /// <summary>Every metric of a class, in the order in which tables list them.</summary>
    public static IReadOnlyList<ClassMetric> All { get; } =
        [Precision, Recall, F1, Support, Specificity, RocAuc, AveragePrecision, LogLoss, CalibrationError];

    /// <summary>The division of precision, recall and F1: 0/0 is what <paramref name="zeroDivision"/> says.</summary>
    internal static double Quotient(double numerator, double denominator, ZeroDivision zeroDivision) => (denominator, zeroDivision) switch
    {
        (not 0, _) => numerator / denominator,
        (_, ZeroDivision.Zero) => 0,
        (_, ZeroDivision.One) => 1,
        _ => double.NaN,
    };
}
