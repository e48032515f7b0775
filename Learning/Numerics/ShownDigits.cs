namespace MLPipelines.Learning;

/// <summary>The digits of a number that are shown, so that an accuracy of 0.92849 is never shown as 0.929, nor one of 0.99996 as 1.</summary>
/// <remarks>
/// The number counts with its 15 significant digits: 29 of 100 is 0.29, though the nearest double is a little less, and its digits are 0.29
/// and not 0.28. The rule of consoles, command line and reports: accuracies and all other shares and scores of which more is better are
/// rounded down, the upper bound of an interval up, and everything else to the nearest.
/// </remarks>
public static class ShownDigits
{
    /// <summary>Beyond this, doubles have no decimals to speak of.</summary>
    private const double NoDecimalsFrom = 1e12;

    /// <summary>The largest number with so many decimals that is not above the value; NaN and infinities as they are.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="decimals">From 0 to 12.</param>
    public static double Down(double value, int decimals) => To(value, decimals, decimal.Floor);

    /// <summary>The least number with so many decimals that is not below the value; NaN and infinities as they are.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="decimals">From 0 to 12.</param>
    public static double Up(double value, int decimals) => To(value, decimals, decimal.Ceiling);

    private static double To(double value, int decimals, Func<decimal, decimal> whole)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 12);
        if (!(Math.Abs(value) < NoDecimalsFrom)) return value;
        var unit = new decimal(1, 0, 0, isNegative: false, (byte)decimals);
        return (double)(whole((decimal)value / unit) * unit);
    }
}
