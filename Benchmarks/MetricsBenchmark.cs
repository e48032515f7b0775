using MLPipelines.Evaluation;

namespace MLPipelines.Benchmarks;

/// <summary>Against scikit-learn (<c>metrics_sklearn.py</c>); ours makes all of an evaluation, theirs six of its metrics.</summary>
internal static class MetricsBenchmark
{
    public static void Run(int rows, int classes, int repeats)
    {
        var scores = new SyntheticScores(rows, classes);
        var builder = new ScoredRowsBuilder([.. Enumerable.Range(0, classes).Select(index => $"class {index}")]);
        var row = new double[classes];
        for (var index = 0; index < rows; index++)
        {
            for (var other = 0; other < classes; other++)
                row[other] = scores.Probabilities[(index * classes) + other];
            builder.Add($"class {scores.Labels[index]}", row);
        }

        var evidence = builder.Build();
        Measurement.Print("metrics", $"{scores} total", Environment.ProcessorCount, Measurement.Seconds(repeats, () => ClassificationEvaluation.Of(evidence)), "s");
    }
}
