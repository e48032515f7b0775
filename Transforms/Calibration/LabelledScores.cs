using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Rows of scores with their true classes, and the loss of a temperature over all of them.</summary>
internal sealed class LabelledScores
{
    /// <summary>Stands for the −∞ of an impossible class, z² still being finite.</summary>
    private const double Impossible = -1e150;

    /// <summary>Scores that one piece of work holds: enough to be worth a thread, few enough to share the work evenly.</summary>
    private const int ScoresPerPart = 1 << 16;

    private readonly ReadOnlyMemory<float> scores;
    private readonly ReadOnlyMemory<int> labels;
    private readonly ReadOnlyMemory<double> weights;
    private readonly SoftmaxInput input;
    private readonly int threads, classes, rowsPerPart;

    public LabelledScores(ReadOnlyMemory<float> scores, ReadOnlyMemory<int> labels, ReadOnlyMemory<double> weights, SoftmaxInput input, int threads)
    {
        if (labels.IsEmpty)
            throw new InvalidDataException("A temperature cannot be fitted to no rows.");
        if (scores.Length % labels.Length != 0 || scores.IsEmpty)
            throw new ArgumentException($"{scores.Length} scores cannot be shared out evenly to {labels.Length} labels.", nameof(scores));
        if (!weights.IsEmpty && weights.Length != labels.Length)
            throw new ArgumentException($"There are {weights.Length} weights and {labels.Length} labels.", nameof(weights));
        classes = scores.Length / labels.Length;
        foreach (var label in labels.Span)
            if (label >= classes)
                throw new ArgumentException(
                    $"Label {label} is not a class: rows have {classes} scores, so that labels run from 0 to {classes - 1}.", nameof(labels));
        foreach (var weight in weights.Span)
            if (!(weight >= 0) || !double.IsFinite(weight))
                throw new ArgumentException($"A weight is {weight}; weights must be finite and not negative.", nameof(weights));
        (this.scores, this.labels, this.weights, this.input, this.threads) = (scores, labels, weights, input, threads);
        rowsPerPart = Math.Max(1, ScoresPerPart / classes);
    }

    /// <summary>The parts do not depend on the threads and are added in order, so neither does the sum.</summary>
    public LossSums LossAt(double b)
    {
        var parts = new LossSums[(labels.Length + rowsPerPart - 1) / rowsPerPart];
        try
        {
            Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => parts[part] = LossOfPart(part, b));
        }
        catch (AggregateException failure) when (failure.InnerExceptions[0] is InvalidDataException invalid)
        {
            throw new InvalidDataException(invalid.Message, invalid);
        }

        var sum = default(LossSums);
        foreach (ref readonly var part in parts.AsSpan())
            sum += part;
        return sum;
    }

    /// <summary>Whether every row that has a label and finite scores lies in 0..1 and sums to 1.</summary>
    public bool LookLikeProbabilities()
    {
        for (var row = 0; row < labels.Length; row++)
        {
            var one = scores.Span.Slice(row * classes, classes);
            if (labels.Span[row] < 0 || !float.IsFinite(TensorPrimitives.SumOfMagnitudes(one)))
                continue;
            if (TensorPrimitives.Min(one) < 0 || Math.Abs(TensorPrimitives.Sum(one) - 1) > TemperatureScaling.ProbabilityTolerance)
                return false;
        }

        return true;
    }

    private LossSums LossOfPart(int part, double b)
    {
        var lanes = Vector<double>.Count;
        var rented = ArrayPool<double>.Shared.Rent(classes + lanes);
        var padded = rented.AsSpan(0, (classes + lanes - 1) / lanes * lanes);
        var sum = default(LossSums);
        var end = Math.Min(labels.Length, (part + 1) * rowsPerPart);
        for (var row = part * rowsPerPart; row < end; row++)
        {
            var label = labels.Span[row];
            var weight = weights.IsEmpty ? 1 : weights.Span[row];
            var z = padded[..classes];
            if (label < 0 || weight == 0) continue;
            if (!TemperatureScaling.Shifted(scores.Span.Slice(row * classes, classes), input, z) || double.IsNegativeInfinity(z[label]))
                continue;

            TensorPrimitives.Max(z, Impossible, z);
            padded[classes..].Fill(Impossible);
            sum += LossOfRow(padded, z[label], b, weight, isCorrect: z[label] >= TensorPrimitives.Max<double>(z));
        }

        ArrayPool<double>.Shared.Return(rented);
        return sum;
    }

    // −log p_y = log Σ exp(b z) − b z_y. z ≤ 0 with a 0 among them, so that nothing overflows and the sum is at least 1.
    private static LossSums LossOfRow(ReadOnlySpan<double> z, double ofLabel, double b, double weight, bool isCorrect)
    {
        var (sum, first, second) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i < z.Length; i += Vector<double>.Count)
        {
            var values = new Vector<double>(z[i..]);
            var powers = Vector.Exp(values * b);
            var weighted = values * powers;
            sum += powers;
            first += weighted;
            second += values * weighted;
        }

        var total = Vector.Sum(sum);
        var mean = Vector.Sum(first) / total;
        var variance = Math.Max(0, (Vector.Sum(second) / total) - (mean * mean));
        return new(
            weight * (Math.Log(total) - (b * ofLabel)), weight * (mean - ofLabel), weight * variance, weight, 1, isCorrect ? 1 : 0);
    }
}

/// <summary>Sums over rows: of the weighted loss, its first and second derivative by b, the weights; the count of rows and of those whose
/// true class has the highest score.</summary>
internal readonly record struct LossSums(double Loss, double Slope, double Curvature, double Weight, long Rows, long Correct)
{
    public double Mean => Loss / Weight;

    public static LossSums operator +(in LossSums a, in LossSums b) =>
        new(a.Loss + b.Loss, a.Slope + b.Slope, a.Curvature + b.Curvature, a.Weight + b.Weight, a.Rows + b.Rows, a.Correct + b.Correct);
}
