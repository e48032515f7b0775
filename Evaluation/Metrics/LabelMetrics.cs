namespace MLPipelines.Evaluation;

/// <summary>The metrics that need the confusion matrix alone.</summary>
public static class LabelMetrics
{
    /// <summary>The share of rows predicted rightly.</summary>
    public static Metric Accuracy { get; } = new(
        "accuracy", "Accuracy", "Σ_c TP_c / N", "scikit-learn accuracy_score", MetricDirection.HigherIsBetter,
        e => e.Matrix.Correct / e.Matrix.Total);

    /// <summary>The mean recall of the classes that occur: what accuracy would be if all were equally frequent.</summary>
    public static Metric BalancedAccuracy { get; } = new(
        "balanced_accuracy", "Balanced accuracy", "mean of recall over the classes with rows", "Brodersen et al. 2010; scikit-learn balanced_accuracy_score",
        MetricDirection.HigherIsBetter, e => Average(e.Matrix, c => e.Matrix[c, c] / e.Matrix.Support(c)));

    /// <summary>The mean precision of the classes.</summary>
    public static Metric MacroPrecision { get; } = Macro(ClassMetrics.Precision);

    /// <summary>The mean recall of the classes.</summary>
    public static Metric MacroRecall { get; } = Macro(ClassMetrics.Recall);

    /// <summary>The mean F1 of the classes; not the F1 of the mean precision and recall.</summary>
    public static Metric MacroF1 { get; } = Macro(ClassMetrics.F1);

    /// <summary>The mean precision of the classes, each weighted by its support.</summary>
    public static Metric WeightedPrecision { get; } = Weighted(ClassMetrics.Precision);

    /// <summary>The mean recall of the classes, each weighted by its support: accuracy again.</summary>
    public static Metric WeightedRecall { get; } = Weighted(ClassMetrics.Recall);

    /// <summary>The mean F1 of the classes, each weighted by its support.</summary>
    public static Metric WeightedF1 { get; } = Weighted(ClassMetrics.F1);

    /// <summary>Precision over all classes together: accuracy, as every row has one truth and one prediction.</summary>
    public static Metric MicroPrecision { get; } = Micro("precision", "Σ_c TP_c / Σ_c (TP_c + FP_c)");

    /// <summary>Recall over all classes together: accuracy, as every row has one truth and one prediction.</summary>
    public static Metric MicroRecall { get; } = Micro("recall", "Σ_c TP_c / Σ_c (TP_c + FN_c)");

    /// <summary>F1 over all classes together: accuracy, as every row has one truth and one prediction.</summary>
    public static Metric MicroF1 { get; } = Micro("f1", "2·Σ_c TP_c / Σ_c (2·TP_c + FP_c + FN_c)");

    /// <summary>Agreement beyond chance, from −1 to 1; 0 is what guessing with the same label frequencies gives.</summary>
    public static Metric CohensKappa { get; } = new(
        "cohen_kappa", "Cohen’s κ", "(pₒ − pₑ) / (1 − pₑ)", "Cohen 1960; scikit-learn cohen_kappa_score", MetricDirection.HigherIsBetter,
        e =>
        {
            // As 1 − (1 − pₒ) / (1 − pₑ), in rows rather than shares: nothing cancels where both are almost 1.
            var wrong = e.Matrix.Total - e.Matrix.Correct;
            var wrongByChance = Classes(e.Matrix).Sum(c => e.Matrix.Support(c) * (e.Matrix.Total - e.Matrix.Predicted(c))) / e.Matrix.Total;
            return 1 - (wrong / wrongByChance);
        });

    /// <summary>The correlation of truth and prediction, from −1 to 1; undefined where either is always the same class.</summary>
    public static Metric MatthewsCorrelation { get; } = new(
        "mcc", "Matthews correlation", "(N·ΣTP_c − Σ t_c·p_c) / √((N² − Σ t_c²)·(N² − Σ p_c²))", "Gorodkin 2004; scikit-learn matthews_corrcoef",
        MetricDirection.HigherIsBetter, e =>
        {
            var (m, n) = (e.Matrix, e.Matrix.Total);
            var covariance = (n * m.Correct) - Classes(m).Sum(c => m.Support(c) * m.Predicted(c));
            var ofTruth = Classes(m).Sum(c => m.Support(c) * (n - m.Support(c)));
            var ofPrediction = Classes(m).Sum(c => m.Predicted(c) * (n - m.Predicted(c)));
            if (ofTruth * ofPrediction != 0)
                return covariance / Math.Sqrt(ofTruth * ofPrediction);

            // scikit-learn says 0 here, so that with its habit for 0/0 in precision this is its habit too.
            return e.ZeroDivision == ZeroDivision.NaN || n == 0 ? double.NaN : 0;
        });

    /// <summary>Every metric of labels, in the order in which tables list them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        Accuracy, BalancedAccuracy,
        MacroF1, WeightedF1, MicroF1,
        MacroPrecision, WeightedPrecision, MicroPrecision,
        MacroRecall, WeightedRecall, MicroRecall,
        CohensKappa, MatthewsCorrelation,
    ];

    /// <summary>The mean of what is defined, each weighted alike or by <paramref name="weightOf"/>; NaN where nothing is.</summary>
    /// <remarks>Where all that is defined has weight 0, it is weighted alike: scikit-learn's rule for weighted averages.</remarks>
    internal static double Average(ConfusionMatrix matrix, Func<int, double> valueOf, Func<int, double>? weightOf = null)
    {
        double sum = 0, weights = 0, plainSum = 0;
        var defined = 0;
        foreach (var c in Classes(matrix))
        {
            var value = valueOf(c);
            if (double.IsNaN(value))
                continue;

            var weight = weightOf?.Invoke(c) ?? 1;
            sum += weight * value;
            weights += weight;
            plainSum += value;
            defined++;
        }

        return weights != 0 ? sum / weights : plainSum / defined;
    }

    private static Metric Macro(ClassMetric of) => new(
        $"macro_{of.Key}", $"{of.Name}, macro", $"mean of {of.Name} over the classes", of.Source + " (average=macro)", of.Direction,
        e => Average(e.Matrix, c => of.Of(e, c)));

    private static Metric Weighted(ClassMetric of) => new(
        $"weighted_{of.Key}", $"{of.Name}, weighted", $"mean of {of.Name} over the classes, weighted by support", of.Source + " (average=weighted)", of.Direction,
        e => Average(e.Matrix, c => of.Of(e, c), e.Matrix.Support));

    private static Metric Micro(string key, string formula) => new(
        $"micro_{key}", $"{char.ToUpperInvariant(key[0])}{key[1..]}, micro", formula, $"scikit-learn {key}_score (average=micro)", MetricDirection.HigherIsBetter,
        e => ClassMetrics.Quotient(e.Matrix.Correct, e.Matrix.Total, e.ZeroDivision));

    private static IEnumerable<int> Classes(ConfusionMatrix matrix) => Enumerable.Range(0, matrix.ClassCount);
}
