using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>Minimises f(x) + λ₁‖x‖₁ for a smooth convex f: L-BFGS, with the orthant-wise steps where the L1 term or a bound bends the function.</summary>
/// <remarks>
/// L-BFGS after Nocedal 1980 (two-loop recursion); the orthant-wise treatment of L1 after Andrew and Gao, “Scalable Training of L1-Regularized
/// Log-Linear Models”, 2007. Steps are found by backtracking to the Armijo condition. Without L1 and bound this is plain L-BFGS.
/// </remarks>
internal sealed class OrthantWiseLbfgs
{
    private const double SufficientDecrease = 1e-4;
    private const int MaximumHalvings = 50;
    private const int ImprovementWindow = 5;

    /// <summary>f and its gradient (overwritten) at a point.</summary>
    internal delegate double SmoothFunction(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Pairs of steps and gradient changes that are remembered.</summary>
    internal int HistorySize { get; init; } = 20;

    /// <summary>Minimising stops when the relative improvement, averaged over five iterations, falls to this or below.</summary>
    internal double Tolerance { get; init; } = 1e-7;

    internal int MaximumIterations { get; init; } = int.MaxValue;

    /// <summary>λ₁.</summary>
    internal double L1 { get; init; }

    /// <summary>Whether the bounded coordinates must not be negative.</summary>
    internal bool NonNegative { get; init; }

    /// <summary>How many coordinates, from the first, the L1 term and the bound apply to; the others are free.</summary>
    internal int BentCoordinates { get; init; }

    /// <summary>Called after each iteration with its number, from 1, and the value.</summary>
    internal Action<int, double> Report { get; init; } = static (_, _) => { };

    /// <summary>Moves <paramref name="point"/> to the minimum.</summary>
    /// <returns>The value there and the number of iterations.</returns>
    internal (double Value, int Iterations) Minimize(SmoothFunction function, double[] point)
    {
        var n = point.Length;
        var (gradient, slope, direction) = (new double[n], new double[n], new double[n]);
        var (next, nextGradient) = (new double[n], new double[n]);
        var history = new CurvatureHistory(HistorySize);
        var recent = new Queue<double>();

        var value = function(point, gradient) + Penalty(point);
        for (var iteration = 1; iteration <= MaximumIterations; iteration++)
        {
            Slope(point, gradient, slope);
            var steepness = TensorPrimitives.Norm<double>(slope);
            if (steepness == 0)
                return (value, iteration - 1);

            history.Direction(slope, direction);
            KeepDescending(slope, direction);
            if (TensorPrimitives.Dot<double>(direction, slope) >= 0)
            {
                history.Clear();
                history.Direction(slope, direction);
            }

            var firstStep = history.Count == 0 ? Math.Min(1, 1 / steepness) : 1;
            var nextValue = Search(function, point, value, slope, direction, firstStep, next, nextGradient);
            if (double.IsNaN(nextValue))
            {
                // No step downhill is left that the arithmetic can see: along a remembered direction, forget and try the steepest; else this is the minimum.
                if (history.Count == 0)
                    return (value, iteration - 1);
                history.Clear();
                continue;
            }

            history.Remember(point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            recent.Enqueue(value);
            value = nextValue;
            Report(iteration, value);
            if (recent.Count == ImprovementWindow && recent.Dequeue() - value <= ImprovementWindow * Tolerance * Math.Abs(value))
                return (value, iteration);
        }
        return (value, MaximumIterations);
    }

    // Backtracks from point along direction, inside the orthant; fills next and nextGradient. NaN: no acceptable step.
    private double Search(
        SmoothFunction function, double[] point, double value, double[] slope, double[] direction, double step, double[] next, double[] nextGradient)
    {
        for (var halving = 0; halving < MaximumHalvings; halving++, step /= 2)
        {
            TensorPrimitives.MultiplyAdd(direction, step, point, next);
            StayInOrthant(point, slope, next);
            var expected = 0d;
            for (var j = 0; j < next.Length; j++)
                expected += slope[j] * (next[j] - point[j]);
            if (expected >= 0)
                return double.NaN;
            var nextValue = function(next, nextGradient) + Penalty(next);
            if (nextValue <= value + SufficientDecrease * expected)
                return nextValue;
        }
        return double.NaN;
    }

    private double Penalty(ReadOnlySpan<double> point) => L1 == 0 ? 0 : L1 * TensorPrimitives.SumOfMagnitudes(point[..BentCoordinates]);

    // The steepest one-sided slope: ∇f + λ₁·sign(x), and at x = 0 the side that descends, or 0 when neither does.
    private void Slope(double[] point, double[] gradient, double[] slope)
    {
        gradient.CopyTo(slope, 0);
        if (L1 == 0 && !NonNegative)
            return;
        for (var j = 0; j < BentCoordinates; j++)
        {
            var (right, left) = (gradient[j] + L1, gradient[j] - L1);
            slope[j] = point[j] switch
            {
                > 0 => right,
                < 0 => left,
                _ when right < 0 => right,
                _ when left > 0 && !NonNegative => left,
                _ => 0,
            };
        }
    }

    // A bent coordinate may only move downhill; the quadratic model knows nothing of the bend.
    private void KeepDescending(double[] slope, double[] direction)
    {
        if (L1 == 0 && !NonNegative)
            return;
        for (var j = 0; j < BentCoordinates; j++)
        {
            if (direction[j] * slope[j] >= 0)
                direction[j] = 0;
        }
    }

    private void StayInOrthant(double[] point, double[] slope, double[] next)
    {
        if (L1 == 0 && !NonNegative)
            return;
        for (var j = 0; j < BentCoordinates; j++)
        {
            var side = point[j] != 0 ? point[j] : -slope[j];
            if (next[j] * side <= 0)
                next[j] = 0;
        }
    }
}
