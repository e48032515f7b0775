namespace MLPipelines.Evaluation;

/// <summary>Everything that the scored rows say about a classifier: metrics, confusion matrix, calibration, mistakes, and what was left out.</summary>
/// <remarks>
/// Undefined values are NaN. The result does not depend on the number of threads. Rows that could not be used are counted in
/// <see cref="Rows"/> and told in <see cref="Warnings"/>; no rows at all is an evaluation full of NaN, not an exception.
/// </remarks>
public sealed record ClassificationEvaluation
{
    /// <summary>The class names, in the order of the scores.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The settings it was made with.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>How many rows were read, and what became of them.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Plain sentences on what a reader must know before trusting a number; empty if all is well.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The labels that are no class of the model, and how many rows have each; the most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> UnknownLabels { get; init; }

    /// <summary>Sums of weights <c>[actual, predicted]</c>; the same as <see cref="Counts"/> where no weights were given.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }

    /// <summary>Numbers of rows <c>[actual, predicted]</c>.</summary>
    public required ConfusionMatrix Counts { get; init; }

    /// <summary>Whether any row has a weight other than 1.</summary>
    public required bool HasWeights { get; init; }

    /// <summary>Every metric of <see cref="Metric.All"/>, in that order.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>Top-k accuracy for k = 1 (which is accuracy) to the number of classes (which is 1).</summary>
    public required IReadOnlyList<double> TopKAccuracy { get; init; }

    /// <summary>Wilson interval of the accuracy.</summary>
    public required Interval AccuracyInterval { get; init; }

    /// <summary>The classes one by one, in the order of <see cref="Labels"/>.</summary>
    public required IReadOnlyList<ClassEvaluation> PerClass { get; init; }

    /// <summary>How confidence agrees with accuracy: reliability diagram, confidence histogram, calibration errors.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>The most frequent confusions, first the most frequent; at most <see cref="EvaluationOptions.ConfusedPairs"/>.</summary>
    public required IReadOnlyList<ConfusedPair> MostConfused { get; init; }

    /// <summary>The wrong rows of highest confidence, first the highest; at most <see cref="EvaluationOptions.WorstMistakes"/>.</summary>
    public required IReadOnlyList<Mistake> WorstMistakes { get; init; }

    /// <summary>What ML.NET’s own evaluator says of the same rows, from <see cref="ScoredDataView.Evaluate"/>; null if it was not asked.</summary>
    public MLNetMetrics? MLNet { get; init; }

    /// <summary>The value of a metric.</summary>
    /// <exception cref="ArgumentException">It is not one of <see cref="Metric.All"/>.</exception>
    public double this[Metric metric] => Metrics.FirstOrDefault(value => value.Metric == metric) is { Metric: not null } found
        ? found.Value
        : throw new ArgumentException($"'{metric.Key}' is not one of Metric.All: {string.Join(", ", Metric.All.Select(each => each.Key))}.");

    /// <summary>Evaluates the rows. Reads their scores twice, on all cores.</summary>
    public static ClassificationEvaluation Of(ScoredRows rows, EvaluationOptions? options = null)
    {
        options ??= new();
        var outcomes = new RowOutcomes(rows);
        var matrix = ConfusionMatrix.Of(rows.Labels, outcomes.Truth, outcomes.Predicted, outcomes.Weight);
        var summary = ScoreSummarizer.Summarize(rows, outcomes, options.CalibrationBins);
        var evidence = new Evidence(matrix, summary, options.ZeroDivision);
        var unknown = UnknownLabelsOf(rows);
        var effective = new EffectiveCounts(outcomes, rows.ClassCount);

        return new()
        {
            Labels = rows.Labels,
            Options = options,
            Rows = rows.Counts,
            Warnings = EvaluationWarnings.Of(rows, outcomes, matrix, unknown),
            UnknownLabels = unknown,
            ConfusionMatrix = matrix,
            Counts = rows.HasWeights ? ConfusionMatrix.Of(rows.Labels, outcomes.Truth, outcomes.Predicted) : matrix,
            HasWeights = rows.HasWeights,
            Metrics = [.. Metric.All.Select(metric => new MetricValue(metric, metric.Of(evidence)))],
            TopKAccuracy = [.. Enumerable.Range(1, rows.ClassCount).Select(k => ScoreMetrics.TopKAccuracy(k).Of(evidence))],
            AccuracyInterval = Interval.Wilson(LabelMetrics.Accuracy.Of(evidence), effective.All, options.IntervalLevel),
            PerClass = [.. Enumerable.Range(0, rows.ClassCount).Select(index => ClassOf(index, evidence, effective, options))],
            Calibration = summary.Calibration,
            MostConfused = ConfusedPair.Of(matrix, options.ConfusedPairs),
            WorstMistakes = Mistake.WorstOf(rows, outcomes, options),
        };
    }

    private static ClassEvaluation ClassOf(int index, Evidence evidence, EffectiveCounts effective, EvaluationOptions options)
    {
        // Of 0/0 even where zero or one stands in its place.
        var strict = evidence with { ZeroDivision = ZeroDivision.NaN };
        return new()
        {
            Label = evidence.Matrix.Labels[index],
            Index = index,
            Values = [.. ClassMetrics.All.Select(metric => metric.Of(evidence, index))],
            Predicted = evidence.Matrix.Predicted(index),
            RecallInterval = Interval.Wilson(ClassMetrics.Recall.Of(strict, index), effective.ByClass[index], options.IntervalLevel),
            Undefined =
            [
                .. new[] { ClassMetrics.Precision, ClassMetrics.Recall, ClassMetrics.F1 }
                    .Where(metric => double.IsNaN(metric.Of(strict, index))).Select(metric => metric.Key),
            ],
        };
    }

    private static KeyValuePair<string, long>[] UnknownLabelsOf(ScoredRows rows) =>
    [
        .. Enumerable.Range(0, rows.Count)
            .Where(row => rows.Label(row) == ScoredRows.UnknownLabel)
            .CountBy(row => rows.LabelText(row)!)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (long)pair.Value)),
    ];

    /// <summary>How many rows of equal weight would tell as much: (Σw)² / Σw² (Kish 1965); without weights their number.</summary>
    private sealed class EffectiveCounts
    {
        public EffectiveCounts(RowOutcomes outcomes, int classCount)
        {
            var sums = new double[classCount];
            var squares = new double[classCount];
            for (var at = 0; at < outcomes.Rows.Length; at++)
            {
                sums[outcomes.Truth[at]] += outcomes.Weight[at];
                squares[outcomes.Truth[at]] += outcomes.Weight[at] * outcomes.Weight[at];
            }

            All = sums.Sum() * sums.Sum() / squares.Sum();
            ByClass = [.. sums.Zip(squares, (sum, square) => sum * sum / square)];
        }

        public double All { get; }

        public double[] ByClass { get; }
    }
}
