using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>The last steps s and gradient changes y of L-BFGS, and the product of their inverse Hessian estimate with a vector.</summary>
internal sealed class CurvatureHistory(int capacity)
{
    private readonly List<(double[] Step, double[] Change, double Curvature)> _pairs = [];

    internal int Count => _pairs.Count;

    internal void Clear() => _pairs.Clear();

    /// <summary>Remembers s = to − from and y = its gradient change, unless s·y is too small to tell a curvature; forgets the oldest pair when full.</summary>
    internal void Remember(double[] from, double[] to, double[] gradientFrom, double[] gradientTo)
    {
        var (step, change) = capacity > 0 && _pairs.Count == capacity ? Oldest() : (new double[from.Length], new double[from.Length]);
        TensorPrimitives.Subtract(to, from, step);
        TensorPrimitives.Subtract(gradientTo, gradientFrom, change);
        var curvature = TensorPrimitives.Dot<double>(step, change);
        if (capacity > 0 && curvature > 1e-12 * TensorPrimitives.Norm<double>(step) * TensorPrimitives.Norm<double>(change))
            _pairs.Add((step, change, curvature));
    }

    /// <summary>direction = −H · slope by the two-loop recursion; H starts as (s·y / y·y) of the newest pair, or as the identity.</summary>
    internal void Direction(double[] slope, double[] direction)
    {
        TensorPrimitives.Negate(slope, direction);
        var weights = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var (step, change, curvature) = _pairs[i];
            weights[i] = TensorPrimitives.Dot<double>(step, direction) / curvature;
            TensorPrimitives.MultiplyAdd(change, -weights[i], direction, direction);
        }
        if (_pairs.Count > 0)
        {
            var (_, change, curvature) = _pairs[^1];
            TensorPrimitives.Multiply(direction, curvature / TensorPrimitives.SumOfSquares<double>(change), direction);
        }
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (step, change, curvature) = _pairs[i];
            TensorPrimitives.MultiplyAdd(step, weights[i] - TensorPrimitives.Dot<double>(change, direction) / curvature, direction, direction);
        }
    }

    private (double[], double[]) Oldest()
    {
        var (step, change, _) = _pairs[0];
        _pairs.RemoveAt(0);
        return (step, change);
    }
}
