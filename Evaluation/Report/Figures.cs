using System.Globalization;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>Numbers as the report prints them: invariant, undefined as “n/a”, and never rounded into a claim that is not true.</summary>
/// <remarks>Shares and scores of which more is better are rounded down, see <see cref="ShownDigits"/>; errors, losses and all else to the nearest.</remarks>
public static class Figures
{
    private const string Undefined = "n/a";

    /// <summary>A number of rows, or a sum of weights with up to two decimals: <c>8,431</c>.</summary>
    public static string Count(double count) => Text(count, "#,0.##");

    /// <summary>A number of things with its noun: <c>1 image</c>, <c>8,431 images</c>.</summary>
    public static string Count(double count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>A value with three decimals, such as a loss; more where three would show too little of it: <c>1.23e-3</c>, <c>0.9996</c>.</summary>
    public static string Value(double value)
    {
        if (value != 0 && Math.Abs(value) < 0.01) return Text(value, "0.##e+0").Replace("e+", "e", StringComparison.Ordinal);
        return Text(value, value is >= 0.9995 and < 1 ? Decimals(DecimalsFor(1 - value)) : "0.000");
    }

    /// <summary>A score of which more is better, such as F1: as <see cref="Value"/>, rounded down.</summary>
    public static string Score(double score) => Value(ShownDigits.Down(score, DecimalsOfValue(score)));

    /// <summary>What a metric came to: a score rounded down where more is better, else a value.</summary>
    public static string Of(MetricDirection direction, double value) => direction == MetricDirection.HigherIsBetter ? Score(value) : Value(value);

    /// <summary>
    /// A share in percent with one decimal, rounded down: <c>84.3 %</c>. What is not quite all or nothing does not print as it: 0.9999 is
    /// <c>99.99 %</c>.
    /// </summary>
    public static string Percent(double share) => double.IsNaN(share) ? Undefined : PercentNumber(share, ShownDigits.Down) + "\u00A0%";

    /// <summary>An error in percent, of which less is better: as <see cref="Percent"/>, rounded to the nearest.</summary>
    public static string PercentOfError(double error) => double.IsNaN(error) ? Undefined : PercentNumber(error) + "\u00A0%";

    /// <summary>The bounds of an interval of shares, rounded outwards: <c>83.6–85.0</c>, in percent.</summary>
    public static string PercentRange(double low, double high) => double.IsNaN(low) || double.IsNaN(high)
        ? Undefined
        : $"{PercentNumber(low, ShownDigits.Down)}–{PercentNumber(high, ShownDigits.Up)}";

    /// <summary>A difference of two shares in percentage points: <c>1.1</c>.</summary>
    public static string Points(double difference) => Text(100 * difference, "0.0");

    /// <summary>
    /// A probability so that small differences show: <c>84.3 %</c> in the middle, <c>99.994 %</c> near certainty, <c>5.4e-5</c> near
    /// impossibility; <c>100 %</c> and <c>0 %</c> only where it is exactly 1 or 0.
    /// </summary>
    public static string Probability(double probability) =>
        probability is > 0 and < 0.001 ? Text(probability, "0.0e+0").Replace("e+", "e", StringComparison.Ordinal) : PercentOfError(probability);

    /// <summary>A duration in seconds: <c>0.42 s</c>, <c>12.1 s</c>, <c>3 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    public static string Duration(double seconds) => double.IsFinite(seconds) && seconds is >= 0 and < 3.6e9 ? Math.Round(seconds, 1) switch
    {
        < 10 => Text(seconds, "0.##") + " s",
        < 60 => Text(seconds, "0.0") + " s",
        < 3599.5 => Parts(Math.Round(seconds), 60, "min", "s"),
        _ => Parts(Math.Round(seconds / 60), 60, "h", "min"),
    } : Undefined;

    private static string Parts(double all, double size, string large, string small) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(all / size):0} {large} {all % size:00} {small}");

    private static string PercentNumber(double share, Func<double, int, double>? round = null)
    {
        if (share is 0 or 1) return share == 0 ? "0" : "100";

        var distance = 100 * Math.Min(Math.Abs(share), Math.Abs(1 - share));
        var decimals = distance is > 0 and < 0.1 ? DecimalsFor(distance) : 1;
        return Text(round?.Invoke(100 * share, decimals) ?? 100 * share, Decimals(decimals));
    }

    private static int DecimalsOfValue(double value) => Math.Abs(value) switch
    {
        > 0 and < 0.01 => Math.Min(12, DecimalsFor(Math.Abs(value)) + 2),
        >= 0.9995 and < 1 when value > 0 => DecimalsFor(1 - value),
        _ => 3,
    };

    /// <summary>As many decimals as keep a small distance from a round number visible: the place of its first digit, at most 12.</summary>
    private static int DecimalsFor(double distance) => Math.Min(12, (int)Math.Ceiling(-Math.Log10(distance) - 1e-9));

    private static string Decimals(int count) => "0." + new string('0', count);

    private static string Text(double value, string format) => value switch
    {
        double.NaN => Undefined,
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−').Replace("e−", "e-", StringComparison.Ordinal),
    };
}
