namespace MLPipelines.Evaluation;

/// <summary>How well one class is told from the rest. NaN is undefined and prints “n/a”.</summary>
public sealed record ClassEvaluation
{
    /// <summary>The class name.</summary>
    public required string Label { get; init; }

    /// <summary>Its index, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Every metric of <see cref="ClassMetrics.All"/>, in that order.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>How often the class was predicted: rows, or the sum of their weights.</summary>
    public required double Predicted { get; init; }

    /// <summary>Wilson interval of the recall.</summary>
    public required Interval RecallInterval { get; init; }

    /// <summary>The keys among precision, recall and f1 that divide zero by zero, whatever <see cref="EvaluationOptions.ZeroDivision"/> puts there.</summary>
    public required IReadOnlyList<string> Undefined { get; init; }

    /// <summary>The value of a metric.</summary>
    /// <exception cref="ArgumentException">It is not one of <see cref="ClassMetrics.All"/>.</exception>
    public double this[ClassMetric metric] => ClassMetrics.All.Index().FirstOrDefault(pair => pair.Item == metric) is { Item: not null } found
        ? Values[found.Index]
        : throw new ArgumentException($"'{metric.Key}' is not one of ClassMetrics.All: {string.Join(", ", ClassMetrics.All.Select(each => each.Key))}.");

    /// <inheritdoc cref="ClassMetrics.Precision"/>
    public double Precision => this[ClassMetrics.Precision];

    /// <inheritdoc cref="ClassMetrics.Recall"/>
    public double Recall => this[ClassMetrics.Recall];

    /// <inheritdoc cref="ClassMetrics.F1"/>
    public double F1 => this[ClassMetrics.F1];

    /// <inheritdoc cref="ClassMetrics.Support"/>
    public double Support => this[ClassMetrics.Support];

    /// <inheritdoc cref="ClassMetrics.RocAuc"/>
    public double RocAuc => this[ClassMetrics.RocAuc];

    /// <inheritdoc cref="ClassMetrics.AveragePrecision"/>
    public double AveragePrecision => this[ClassMetrics.AveragePrecision];
}
