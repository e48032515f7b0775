using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>The smooth part of the maximum-entropy objective and its gradient, over all rows and on any number of threads.</summary>
/// <remarks>
/// <para>f(W, b) = (1/N) · [ Σᵢ wᵢ · −ln softmax(W xᵢ + b)_{yᵢ} + (λ₂/2) · Σₖ ‖Wₖ‖² ], with N the number of rows and wᵢ their weights; the biases
/// are not penalised.</para>
/// <para>Parameters are K × D weights, class after class, then K biases.</para>
/// <para>The rows are cut into lanes by their number alone; a lane is summed by one thread, block after block, and the lanes are added in order. So
/// the value and every gradient entry have the same bits whatever the number of threads.</para>
/// </remarks>
internal sealed class SoftmaxLoss
{
    private const int MaximumLanes = 16;
    private const int TargetGradientLength = 4 * 1024 * 1024;

    private readonly TrainingRows _rows;
    private readonly double _l2;
    private readonly ParallelOptions _parallel;
    private readonly int _paddedClasses;
    private readonly double[] _weights;
    private readonly double[] _biases;
    private readonly Lane[] _lanes;

    /// <param name="rows">At least one row.</param>
    /// <param name="l2">λ₂, at least 0.</param>
    /// <param name="threads">Threads to use; at least 1.</param>
    internal SoftmaxLoss(TrainingRows rows, double l2, int threads)
    {
        _rows = rows;
        _l2 = l2;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        _paddedClasses = (rows.ClassCount + SoftmaxKernels.ClassTile - 1) / SoftmaxKernels.ClassTile * SoftmaxKernels.ClassTile;
        _weights = new double[_paddedClasses * rows.Stride];
        _biases = new double[_paddedClasses];
        _biases.AsSpan(rows.ClassCount).Fill(double.NegativeInfinity);
        var lanes = Math.Min(rows.BlockCount, Math.Clamp(TargetGradientLength / _weights.Length, 2, MaximumLanes));
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Lane(rows.BlockRows, _paddedClasses, rows.Stride))];
    }

    /// <summary>K · (D + 1).</summary>
    internal int ParameterCount => _rows.ClassCount * (_rows.FeatureCount + 1);

    /// <summary>K · D: the parameters that are penalised.</summary>
    internal int WeightCount => _rows.ClassCount * _rows.FeatureCount;

    /// <summary>f at <paramref name="parameters"/>; <paramref name="gradient"/> is overwritten with ∇f.</summary>
    internal double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        Unpack(parameters);
        Parallel.For(0, _lanes.Length, _parallel, Sum);

        gradient.Clear();
        var loss = 0d;
        var (features, classes) = (_rows.FeatureCount, _rows.ClassCount);
        foreach (var lane in _lanes)
        {
            loss += lane.Loss;
            for (var k = 0; k < classes; k++)
            {
                var target = gradient.Slice(k * features, features);
                TensorPrimitives.Add(target, lane.Weights.AsSpan(k * _rows.Stride, features), target);
            }
            var biases = gradient[WeightCount..];
            TensorPrimitives.Add(biases, lane.Biases.AsSpan(0, classes), biases);
        }

        var penalised = parameters[..WeightCount];
        var target2 = gradient[..WeightCount];
        TensorPrimitives.MultiplyAdd(penalised, _l2, target2, target2);
        TensorPrimitives.Multiply(gradient, 1d / _rows.Count, gradient);
        return (loss + _l2 / 2 * TensorPrimitives.SumOfSquares(penalised)) / _rows.Count;
    }

    private void Unpack(ReadOnlySpan<double> parameters)
    {
        for (var k = 0; k < _rows.ClassCount; k++)
            parameters.Slice(k * _rows.FeatureCount, _rows.FeatureCount).CopyTo(_weights.AsSpan(k * _rows.Stride));
        parameters[WeightCount..].CopyTo(_biases);
    }

    private void Sum(int index)
    {
        var lane = _lanes[index];
        lane.Clear();
        var first = (int)((long)_rows.BlockCount * index / _lanes.Length);
        var end = (int)((long)_rows.BlockCount * (index + 1) / _lanes.Length);
        for (var block = first; block < end; block++)
        {
            _rows.CopyBlock(block, lane.Features);
            SoftmaxKernels.Scores(lane.Features, _weights, _biases, _rows.Stride, lane.Scores);
            lane.Loss += ScoresToResiduals(block, lane);
            SoftmaxKernels.AddGradient(lane.Features, lane.Scores, _rows.Stride, lane.Weights);
        }
    }

    // In place: scores z become residuals w·(softmax(z) − 1[y]); returns Σ w·(ln Σ e^z − z_y). Padding rows get residual 0.
    private double ScoresToResiduals(int block, Lane lane)
    {
        var loss = 0d;
        var rows = _rows.RowsIn(block);
        var scores = lane.Scores.AsSpan();
        scores[(rows * _paddedClasses)..].Clear();
        scores = scores[..(rows * _paddedClasses)];
        var firstRow = block * _rows.BlockRows;
        for (var r = 0; r < rows; r++)
        {
            var z = scores.Slice(r * _paddedClasses, _paddedClasses);
            TensorPrimitives.Subtract(z, TensorPrimitives.Max<double>(z), z);
            loss -= _rows.Weights[firstRow + r] * z[_rows.Labels[firstRow + r]];
        }
        TensorPrimitives.Exp<double>(scores, scores);
        for (var r = 0; r < rows; r++)
        {
            var residual = scores.Slice(r * _paddedClasses, _paddedClasses);
            var (weight, sum) = (_rows.Weights[firstRow + r], TensorPrimitives.Sum<double>(residual));
            loss += weight * Math.Log(sum);
            TensorPrimitives.Multiply(residual, weight / sum, residual);
            residual[_rows.Labels[firstRow + r]] -= weight;
            TensorPrimitives.Add(lane.Biases, residual, lane.Biases);
        }
        return loss;
    }

    // What one thread needs for one lane; made once, used by every evaluation.
    private sealed class Lane(int blockRows, int classes, int stride)
    {
        internal readonly double[] Features = new double[blockRows * stride];
        internal readonly double[] Scores = new double[blockRows * classes];
        internal readonly double[] Weights = new double[classes * stride];
        internal readonly double[] Biases = new double[classes];
        internal double Loss;

        internal void Clear()
        {
            Loss = 0;
            Array.Clear(Weights);
            Array.Clear(Biases);
        }
    }
}
