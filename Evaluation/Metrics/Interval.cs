namespace MLPipelines.Evaluation;

/// <summary>A confidence interval of a share.</summary>
/// <param name="Lower">Lower end, at least 0; NaN without rows.</param>
/// <param name="Upper">Upper end, at most 1; NaN without rows.</param>
/// <param name="Level">Its coverage, such as 0.95.</param>
public readonly record struct Interval(double Lower, double Upper, double Level)
{
    /// <summary>The interval of Wilson (1927), which stays within 0 to 1 and holds for few rows and for shares near 0 and 1.</summary>
    /// <param name="share">The share of successes, from 0 to 1; NaN gives NaN.</param>
    /// <param name="count">Number of trials; with weights the effective one, (Σw)² / Σw² (Kish 1965).</param>
    /// <param name="level">Coverage, between 0 and 1.</param>
    public static Interval Wilson(double share, double count, double level)
    {
        if (!(count > 0))
            return new(double.NaN, double.NaN, level);

        var z = StandardNormalQuantile((1 + level) / 2);
        var center = (share + (z * z / (2 * count))) / (1 + (z * z / count));
        var half = z / (1 + (z * z / count)) * Math.Sqrt((share * (1 - share) / count) + (z * z / (4 * count * count)));
        return new(share == 0 ? 0 : Math.Max(0, center - half), share == 1 ? 1 : Math.Min(1, center + half), level);
    }

    /// <summary>The number that a standard normal variable stays below with this probability.</summary>
    /// <remarks>Newton’s method on the distribution, which is summed by the series φ(x)·(x + x³/3 + x⁵/15 + …) of Marsaglia (2004).</remarks>
    internal static double StandardNormalQuantile(double probability)
    {
        double x = 0;
        for (var step = 0; step < 100; step++)
        {
            var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            double term = x, sum = x;
            for (var k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
            {
                term *= x * x / k;
                sum += term;
            }

            // Far out the density is tiny and a whole step would overshoot: at most one deviation at a time.
            var change = Math.Clamp((0.5 + (density * sum) - probability) / density, -1, 1);
            x -= change;
            if (Math.Abs(change) < 1e-15)
                break;
        }

        return x;
    }
}
