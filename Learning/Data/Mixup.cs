namespace MLPipelines.Learning;

/// <summary>Trains on mixtures of two samples, <c>λ·a + (1 − λ)·b</c>, with their classes mixed alike (Zhang et al. 2018).</summary>
/// <remarks>
/// λ is drawn for each batch from the distribution Beta(α, α), and each sample of the batch is mixed with another, in an order drawn too;
/// everything from the seed, the epoch and the batch. Samples are augmented first. While training with it, the training accuracy counts the
/// class with the greater share.
/// </remarks>
public sealed record Mixup
{
    /// <summary>α, above 0: 0.1 to 0.4 mix little, 1 mixes in any share.</summary>
    public double Alpha { get; init; } = 0.2;

    /// <summary>A share λ drawn from Beta(α, α), from 0 to 1.</summary>
    public double DrawShare(ref SeededRandom random)
    {
        double first = DrawGamma(Alpha, ref random), second = DrawGamma(Alpha, ref random);
        return first + second > 0 ? first / (first + second) : 0.5;
    }

    internal void Check(SettingProblems problems) =>
        problems.Require(Alpha is > 0 and <= 100, Alpha, "a number above 0 and at most 100");

    /// <summary>A number of the gamma distribution with this shape and scale 1 (Marsaglia and Tsang 2000).</summary>
    private static double DrawGamma(double shape, ref SeededRandom random)
    {
        if (shape < 1) return DrawGamma(shape + 1, ref random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        var d = shape - 1 / 3.0;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
