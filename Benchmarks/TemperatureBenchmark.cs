using MLPipelines.Transforms;

namespace MLPipelines.Benchmarks;

/// <summary>Against numpy and PyTorch (<c>temperature_torch.py</c>).</summary>
internal static class TemperatureBenchmark
{
    private const double Temperature = 1.7;
    private const int Top = 5;

    public static void Run(int rows, int classes, int repeats)
    {
        var scores = new SyntheticScores(rows, classes);
        var tempered = new float[scores.Logits.Length];
        foreach (var (name, input, values) in new[] { ("probabilities", SoftmaxInput.Probabilities, scores.Probabilities), ("logits", SoftmaxInput.Logits, scores.Logits) })
        {
            foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                var seconds = Measurement.Seconds(repeats, () => Parallel.For(
                    0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[Top],
                    (row, _, best) =>
                    {
                        var one = tempered.AsSpan(row * classes, classes);
                        TemperatureScaling.Softmax(values.AsSpan(row * classes, classes), Temperature, one, input);
                        TopNSelection.Indices(one, best);
                        return best;
                    },
                    _ => { }));
                Measurement.Print("temperature", $"{scores} {name} top {Top}", threads, seconds.Select(value => rows / value), "rows/s");
            }
        }

        // The exact posterior is softmax(2 · logits); 2.5 · logits is too sure, and the fit must find T = 2.5 / 2.
        var sure = scores.Logits.Select(logit => logit * 2.5f).ToArray();
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var found = 0.0;
            var seconds = Measurement.Seconds(repeats, () =>
                found = TemperatureScaling.Fit(sure, scores.Labels, options: new TemperatureFitOptions { Threads = threads }).Temperature);
            Console.Error.WriteLine($"T = {found:0.000000}");
            Measurement.Print("temperature", $"{scores} fit", threads, seconds, "s");
        }
    }
}
