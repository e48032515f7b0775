namespace MLPipelines.Benchmarks;

/// <summary>Labels, logits and probabilities as the peers make them: normal logits, the true class's 2 higher on average.</summary>
internal sealed class SyntheticScores
{
    public SyntheticScores(int rows, int classes)
    {
        var random = new Random(0);
        (Rows, Classes) = (rows, classes);
        (Labels, Logits, Probabilities) = (new int[rows], new float[rows * classes], new float[rows * classes]);
        for (var row = 0; row < rows; row++)
        {
            Labels[row] = random.Next(classes);
            var sum = 0.0;
            for (var index = 0; index < classes; index++)
            {
                // Box–Muller; 1 − u keeps the logarithm finite.
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                var logit = normal + (index == Labels[row] ? 2 : 0);
                Logits[(row * classes) + index] = (float)logit;
                sum += Math.Exp(logit);
            }

            for (var index = row * classes; index < (row + 1) * classes; index++)
                Probabilities[index] = (float)(Math.Exp(Logits[index]) / sum);
        }
    }

    public int Rows { get; }

    public int Classes { get; }

    public int[] Labels { get; }

    public float[] Logits { get; }

    public float[] Probabilities { get; }

    public override string ToString() => $"{Rows}x{Classes}";
}
