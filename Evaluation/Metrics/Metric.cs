namespace MLPipelines.Evaluation;

/// <summary>Which way a metric is better.</summary>
public enum MetricDirection
{
    /// <summary>More is better, as with accuracy.</summary>
    HigherIsBetter,

    /// <summary>Less is better, as with a loss.</summary>
    LowerIsBetter,

    /// <summary>Neither: a fact about the data, such as support.</summary>
    Neutral,
}

/// <summary>A metric of a whole evaluation, defined once: tables, reports, JSON, docs and tests all read this record.</summary>
/// <param name="Key">Its name in <c>metrics.json</c>, as <c>macro_f1</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Formula">Its definition, in the letters of docs/metrics.md.</param>
/// <param name="Source">Where the definition comes from.</param>
/// <param name="Direction">Whether more or less of it is better.</param>
/// <param name="Of">The value; NaN where the formula divides zero by zero, or where the evidence lacks what it needs.</param>
public sealed record Metric(string Key, string Name, string Formula, string Source, MetricDirection Direction, Func<Evidence, double> Of)
{
    /// <summary>Every metric, in the order in which tables list them.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. LabelMetrics.All, .. ScoreMetrics.All];
}

/// <summary>A metric of one class against the rest, defined once.</summary>
/// <param name="Key">Its name in <c>metrics.json</c>, as <c>f1</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Formula">Its definition, in the letters of docs/metrics.md.</param>
/// <param name="Source">Where the definition comes from.</param>
/// <param name="Direction">Whether more or less of it is better.</param>
/// <param name="Of">The value for the class of that index; NaN where the formula divides zero by zero.</param>
public sealed record ClassMetric(string Key, string Name, string Formula, string Source, MetricDirection Direction, Func<Evidence, int, double> Of);

/// <summary>What a metric came to.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Value">Its value; NaN where it is undefined.</param>
public readonly record struct MetricValue(Metric Metric, double Value);

/// <summary>What metrics are computed from.</summary>
/// <param name="Matrix">The confusion matrix, with weights where the rows have them.</param>
/// <param name="Scores">What the scores tell; null where only the matrix is known, and metrics of scores are NaN.</param>
/// <param name="ZeroDivision">What stands where precision, recall or F1 divides zero by zero.</param>
public sealed record Evidence(ConfusionMatrix Matrix, ScoreSummary? Scores = null, ZeroDivision ZeroDivision = ZeroDivision.NaN);
