namespace Microsoft.ML.Trainers;

/// <summary>The exact step of dual coordinate ascent for one row of multinomial logistic regression.</summary>
internal static class SimplexDualStep
{
    private const int MaximumOuterSteps = 100;
    private const int MaximumInnerSteps = 30;
    private const double Precision = 1e-13;

    /// <summary>
    /// The q of the simplex that maximises Σₖ (−qₖ ln qₖ + aₖ qₖ − c qₖ²/2): the solution of ln qₖ + c qₖ = aₖ − ν with Σ qₖ = 1.
    /// </summary>
    /// <param name="a">One finite number for each class.</param>
    /// <param name="c">At least 0; with 0 the answer is softmax(a).</param>
    /// <param name="logs">On return ln qₖ.</param>
    /// <remarks>
    /// Σ qₖ(ν) falls and is convex in ν, so Newton's steps from the left, ν = ln Σ e^a − c, where the sum is at least 1, never overshoot.
    /// </remarks>
    internal static void Maximize(ReadOnlySpan<double> a, double c, Span<double> logs)
    {
        var largest = a[0];
        foreach (var value in a)
            largest = Math.Max(largest, value);
        var total = 0d;
        foreach (var value in a)
            total += Math.Exp(value - largest);
        var nu = largest + Math.Log(total) - c;

        var sum = 0d;
        for (var k = 0; k < a.Length; k++)
            logs[k] = FirstGuess(a[k] - nu, c);
        for (var outer = 0; outer < MaximumOuterSteps; outer++)
        {
            sum = 0;
            var fall = 0d;
            for (var k = 0; k < a.Length; k++)
            {
                var q = Solve(a[k] - nu, c, ref logs[k]);
                sum += q;
                fall += q / (1 + c * q);
            }
            if (sum - 1 <= Precision)
                break;
            nu += (sum - 1) / fall;
        }
        var logSum = Math.Log(sum);
        for (var k = 0; k < a.Length; k++)
            logs[k] -= logSum;
    }

    // s + c·e^s = t: near e^s where c·e^s is small, near t/c where it is large.
    private static double FirstGuess(double t, double c)
    {
        var y = Math.Log(c) + t;
        return y < 1 ? t : Math.Log((y - Math.Log(y)) / c);
    }

    // Newton on the convex s + c·e^s − t; returns e^s.
    private static double Solve(double t, double c, ref double s)
    {
        var q = Math.Exp(s);
        for (var inner = 0; inner < MaximumInnerSteps; inner++)
        {
            var step = (s + c * q - t) / (1 + c * q);
            s -= step;
            q = Math.Exp(s);
            if (Math.Abs(step) < 1e-10)
                break;
        }
        return q;
    }
}
