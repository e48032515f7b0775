using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>Stochastic dual coordinate ascent for multinomial logistic regression with an elastic-net penalty.</summary>
/// <remarks>
/// <para>Minimises P(W, b) = (1/N) Σᵢ wᵢ · −ln softmax(W xᵢ + b)_{yᵢ} + λ · [ ½ (‖W‖² + ‖b‖²) + τ ‖W‖₁ ]: the biases are the weights of one more
/// feature that is always 1, penalised like the others by the square, not by the magnitude.</para>
/// <para>The dual has one point qᵢ of the class simplex for each row: D = (1/N) Σᵢ wᵢ H(qᵢ) − (λ/2) ‖W‖² with V = (1/λN) Σᵢ wᵢ (1[yᵢ] − qᵢ) xᵢᵀ and W
/// = V shrunk towards 0 by τ. A step replaces one qᵢ by the best one (<see cref="SimplexDualStep"/>); P − D bounds the distance to the optimum.
/// Shalev-Shwartz and Zhang, “Accelerated Proximal Stochastic Dual Coordinate Ascent”, 2014.</para>
/// </remarks>
internal sealed class SoftmaxDualAscent
{
    // The first dual points stand almost on the label, where V is almost 0; exactly on it ln q would be −∞.
    private const double FirstDoubt = 1e-6;

    private readonly TrainingRows _rows;
    private readonly double _lambda;
    private readonly float _threshold;
    private readonly SoftmaxLoss _loss;
    private readonly int _classes;
    private readonly int _paddedClasses;
    private readonly double[] _logs;       // ln q, row after row
    private readonly float[] _dual;        // V, class after class
    private readonly float[] _weights;     // W; the same array where nothing is shrunk
    private readonly double[] _biases;
    private readonly double[] _squares;    // ‖x‖² + 1

    /// <param name="rows">At least one row.</param>
    /// <param name="lambda">λ, above 0.</param>
    /// <param name="threshold">τ, at least 0.</param>
    /// <param name="threads">Threads that may measure the loss; the steps themselves are taken one after another.</param>
    internal SoftmaxDualAscent(TrainingRows rows, double lambda, double threshold, int threads)
    {
        _rows = rows;
        _lambda = lambda;
        _threshold = (float)threshold;
        _loss = new SoftmaxLoss(rows, l2: 0, threads);
        _classes = rows.ClassCount;
        _paddedClasses = (_classes + SoftmaxKernels.ClassTile - 1) / SoftmaxKernels.ClassTile * SoftmaxKernels.ClassTile;
        _logs = new double[rows.Count * _classes];
        _logs.AsSpan().Fill(Math.Log(FirstDoubt / (_classes - 1)));
        for (var row = 0; row < rows.Count; row++)
            _logs[row * _classes + rows.Labels[row]] = Math.Log(1 - FirstDoubt);
        _dual = new float[_paddedClasses * rows.Stride];
        _weights = _threshold > 0 ? new float[_dual.Length] : _dual;
        _biases = new double[_classes];
        _squares = new double[rows.Count];
        for (var row = 0; row < rows.Count; row++)
            _squares[row] = TensorPrimitives.SumOfSquares(rows[row]) + 1d;
        Parameters = new double[_loss.ParameterCount];
        Resum();
    }

    /// <summary>K × D weights, class after class, then K biases: those of the last <see cref="Measure"/>.</summary>
    internal double[] Parameters { get; }

    /// <summary>One step for every row, in the given order.</summary>
    internal void Pass(ReadOnlySpan<int> order)
    {
        Span<double> a = _classes <= 256 ? stackalloc double[_classes] : new double[_classes];
        Span<double> before = _classes <= 256 ? stackalloc double[_classes] : new double[_classes];
        foreach (var row in order)
        {
            var x = _rows[row];
            var share = _rows.Weights[row] / (_lambda * _rows.Count);
            var curvature = share * _squares[row];
            var logs = _logs.AsSpan(row * _classes, _classes);
            TensorPrimitives.Exp<double>(logs, before);
            for (var k = 0; k < _classes; k++)
                a[k] = TensorPrimitives.Dot(x, Weights(k)) + _biases[k] + curvature * before[k];
            SimplexDualStep.Maximize(a, curvature, logs);
            for (var k = 0; k < _classes; k++)
            {
                var move = share * (before[k] - Math.Exp(logs[k]));
                _biases[k] += move;
                var dual = _dual.AsSpan(k * _rows.Stride, _rows.FeatureCount);
                TensorPrimitives.MultiplyAdd(x, (float)move, dual, dual);
                if (_threshold > 0)
                    Shrink(dual, _weights.AsSpan(k * _rows.Stride, _rows.FeatureCount));
            }
        }
    }

    /// <summary>P and P − D at W, b summed afresh from the dual points, so that rounding does not gather over passes.</summary>
    internal (double Primal, double Gap) Measure()
    {
        Resum();
        for (var k = 0; k < _classes; k++)
            TensorPrimitives.ConvertTruncating(Weights(k), Parameters.AsSpan(k * _rows.FeatureCount, _rows.FeatureCount));
        _biases.CopyTo(Parameters, _loss.WeightCount);

        var (squares, magnitudes) = (TensorPrimitives.SumOfSquares<double>(Parameters), 0d);
        if (_threshold > 0)
            magnitudes = TensorPrimitives.SumOfMagnitudes<double>(Parameters.AsSpan(0, _loss.WeightCount));
        var primal = _loss.Evaluate(Parameters, new double[Parameters.Length]) + _lambda * (squares / 2 + _threshold * magnitudes);
        var entropy = 0d;
        for (var row = 0; row < _rows.Count; row++)
        {
            foreach (var log in _logs.AsSpan(row * _classes, _classes))
                entropy -= _rows.Weights[row] * Math.Exp(log) * log;
        }
        var dual = entropy / _rows.Count - _lambda / 2 * squares;
        return (primal, primal - dual);
    }

    private ReadOnlySpan<float> Weights(int k) => _weights.AsSpan(k * _rows.Stride, _rows.FeatureCount);

    // V and b from the dual points.
    private void Resum()
    {
        var sums = new double[_dual.Length];
        var residuals = new double[_rows.BlockRows * _paddedClasses];
        var features = new double[_rows.BlockRows * _rows.Stride];
        Array.Clear(_biases);
        for (var block = 0; block < _rows.BlockCount; block++)
        {
            Array.Clear(residuals);
            for (var r = 0; r < _rows.RowsIn(block); r++)
            {
                var row = block * _rows.BlockRows + r;
                var share = _rows.Weights[row] / (_lambda * _rows.Count);
                for (var k = 0; k < _classes; k++)
                {
                    var residual = share * ((k == _rows.Labels[row] ? 1 : 0) - Math.Exp(_logs[row * _classes + k]));
                    residuals[r * _paddedClasses + k] = residual;
                    _biases[k] += residual;
                }
            }
            _rows.CopyBlock(block, features);
            SoftmaxKernels.AddGradient(features, residuals, _rows.Stride, sums);
        }
        TensorPrimitives.ConvertTruncating<double, float>(sums, _dual);
        if (_threshold > 0)
            Shrink(_dual, _weights);
    }

    private void Shrink(ReadOnlySpan<float> dual, Span<float> weights)
    {
        for (var j = 0; j < dual.Length; j++)
            weights[j] = Math.Max(dual[j] - _threshold, 0) + Math.Min(dual[j] + _threshold, 0);
    }
}
