using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Softmax with a temperature, p = softmax(z / T), and the temperature that makes it calibrated.</summary>
/// <remarks>
/// A temperature changes how sure a classifier says it is, never which class comes first: the order of the scores is kept for every T > 0.
/// Guo et al. 2017, “On Calibration of Modern Neural Networks”. All arithmetic in double.
/// </remarks>
public static class TemperatureScaling
{
    /// <summary>
    /// Probabilities are raised to this before their logarithm is taken, so that 0 gives no −∞: the smallest normal float. Smaller ones
    /// are what float32 itself cannot tell from 0; a larger limit would tie the classes that a very sure model still tells apart.
    /// </summary>
    public const float SmallestProbability = 1.17549435e-38f;

    /// <summary>Probabilities may leave 0..1 by this much, as rounding does; anything farther is taken for logits and refused.</summary>
    public const float ProbabilityTolerance = 1e-3f;

    /// <summary>Stands for the −∞ of an impossible class, z² still being finite.</summary>
    private const double Impossible = -1e150;

    /// <summary>The probabilities softmax(z / T).</summary>
    /// <param name="scores">
    /// z, or probabilities whose logarithms are z. Any finite numbers, however large; −∞ is a class that is impossible. If there is a NaN or
    /// +∞, or nothing but −∞, every probability is NaN.
    /// </param>
    /// <param name="temperature">T, positive and finite. Below 1 sharpens, above 1 flattens.</param>
    /// <param name="probabilities">Receives as many numbers, which sum to 1. May be the same memory as <paramref name="scores"/>.</param>
    /// <param name="input">What the scores are.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the temperature is not positive and finite.</exception>
    /// <exception cref="InvalidDataException">The scores are said to be probabilities and are not.</exception>
    public static void Softmax(
        ReadOnlySpan<float> scores, double temperature, Span<float> probabilities, SoftmaxInput input = SoftmaxInput.Logits)
    {
        RequireTemperature(temperature);
        if (scores.Length != probabilities.Length)
            throw new ArgumentException($"There are {scores.Length} scores and room for {probabilities.Length} probabilities.", nameof(probabilities));
        if (scores.IsEmpty)
            return;

        var rented = ArrayPool<double>.Shared.Rent(scores.Length);
        var z = rented.AsSpan(0, scores.Length);
        if (Shifted(scores, input, z))
        {
            TensorPrimitives.Divide(z, temperature, z);
            TensorPrimitives.Exp<double>(z, z);
            TensorPrimitives.Divide(z, TensorPrimitives.Sum<double>(z), z);
            TensorPrimitives.ConvertTruncating<double, float>(z, probabilities);
        }
        else
        {
            probabilities.Fill(float.NaN);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Finds the temperature of the least mean negative log likelihood of the true classes.</summary>
    /// <remarks>
    /// In b = 1/T the loss is convex, its slope is E[z] − z_y and its curvature Var[z], so that Newton's method, kept inside a shrinking
    /// bracket, needs a handful of passes. When the loss has no minimum within the range, the end of the range is the answer and
    /// <see cref="TemperatureFit.AtBound"/> says so.
    /// </remarks>
    /// <param name="scores">Row after row, as many scores per row as there are classes.</param>
    /// <param name="labels">The true class of each row, from 0; negative: not known, the row is ignored.</param>
    /// <param name="weights">The weight of each row, 0 or more; empty: 1 each.</param>
    /// <param name="input">What the scores are.</param>
    /// <param name="options">The range to search and the threads to use.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is not a class, a weight is negative or not finite, or the range is empty.</exception>
    /// <exception cref="InvalidDataException">No row can be used, or the scores are said to be probabilities and are not.</exception>
    public static TemperatureFit Fit(
        ReadOnlyMemory<float> scores,
        ReadOnlyMemory<int> labels,
        ReadOnlyMemory<double> weights = default,
        SoftmaxInput input = SoftmaxInput.Logits,
        TemperatureFitOptions? options = null)
    {
        options ??= new();
        var rows = new LabelledScores(scores, labels, weights, input, options.Threads ?? Environment.ProcessorCount);
        RequireRange(options);
        var (lowest, highest) = (1 / options.HighestTemperature, 1 / options.LowestTemperature);

        var before = rows.LossAt(1);
        if (before.Rows == 0)
            throw new InvalidDataException(
                $"A temperature cannot be fitted: of {labels.Length} rows none has a label, a weight above 0 and finite scores.");

        var (low, high) = (lowest, highest);
        var b = Math.Clamp(1, lowest, highest);
        var loss = b == 1 ? before : rows.LossAt(b);
        var iterations = b == 1 ? 1 : 2;
        var lastStep = highest - lowest;
        var (lowestKnown, highestKnown) = (b == lowest, b == highest);
        while (iterations < 200 && loss.Slope != 0)
        {
            if (loss.Slope > 0)
                high = b;
            else
                low = b;
            if (high - low <= 1e-10 * high)
                break;

            // Newton's step, unless it leaves the bracket or shrinks too slowly. Then the end of the range, if nothing is known of it yet,
            // else the middle of the bracket on a log scale.
            var next = b - (loss.Slope / loss.Curvature);
            if (Math.Abs(next - b) <= 1e-10 * b)
                break;
            if (!(next > low && next < high && Math.Abs(next - b) <= lastStep / 2))
            {
                next = loss.Slope < 0 && !highestKnown ? highest : loss.Slope > 0 && !lowestKnown ? lowest : Math.Sqrt(low * high);
                (lowestKnown, highestKnown) = (lowestKnown || next == lowest, highestKnown || next == highest);
            }

            lastStep = Math.Abs(next - b);
            b = next;
            loss = rows.LossAt(b);
            iterations++;
        }

        var bound = b == lowest && loss.Slope >= 0 ? TemperatureBound.Highest
            : b == highest && loss.Slope <= 0 ? TemperatureBound.Lowest
            : TemperatureBound.None;
        var temperature = bound switch
        {
            TemperatureBound.Highest => options.HighestTemperature,
            TemperatureBound.Lowest => options.LowestTemperature,
            _ => 1 / b,
        };
        return new(temperature, before.Mean, loss.Mean, loss.Rows, labels.Length - loss.Rows, iterations, bound);
    }

    internal static void RequireTemperature(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be positive and finite; 1 changes nothing.");
    }

    internal static void RequireRange(TemperatureFitOptions options)
    {
        if (!(options.LowestTemperature > 0) || !(options.HighestTemperature >= options.LowestTemperature) || !double.IsFinite(options.HighestTemperature))
            throw new ArgumentException(
                $"The range of temperatures is {options.LowestTemperature} to {options.HighestTemperature}; it must be positive, finite and in order.", nameof(options));
        if (options.Threads is < 1)
            throw new ArgumentException($"Threads is {options.Threads}; it must be at least 1, or null for all cores.", nameof(options));
    }

    /// <summary>z less its largest element, in double.</summary>
    /// <returns>False if there is a NaN or +∞ or nothing finite.</returns>
    private static bool Shifted(ReadOnlySpan<float> scores, SoftmaxInput input, Span<double> z)
    {
        var largest = TensorPrimitives.Max(scores);
        if (!float.IsFinite(largest))
            return false;
        TensorPrimitives.ConvertTruncating<float, double>(scores, z);
        if (input == SoftmaxInput.Logits)
        {
            TensorPrimitives.Subtract(z, (double)largest, z);
            return true;
        }

        var smallest = TensorPrimitives.Min(scores);
        if (largest > 1 + ProbabilityTolerance || smallest < -ProbabilityTolerance)
            throw new InvalidDataException(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Scores said to be probabilities run from {smallest} to {largest}; probabilities lie in 0..1. If these are logits, say {nameof(SoftmaxInput)}.{nameof(SoftmaxInput.Logits)}."));
        TensorPrimitives.Max(z, SmallestProbability, z);
        TensorPrimitives.Log<double>(z, z);
        TensorPrimitives.Subtract(z, Math.Log(Math.Max(largest, SmallestProbability)), z);
        return true;
    }

    /// <summary>Sums over rows: of the weighted loss, its first and second derivative by b, the weights; and the count of rows.</summary>
    private readonly record struct LossSums(double Loss, double Slope, double Curvature, double Weight, long Rows)
    {
        public double Mean => Loss / Weight;

        public static LossSums operator +(in LossSums a, in LossSums b) =>
            new(a.Loss + b.Loss, a.Slope + b.Slope, a.Curvature + b.Curvature, a.Weight + b.Weight, a.Rows + b.Rows);
    }

    private sealed class LabelledScores
    {
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
                    throw new ArgumentException($"Label {label} is not a class: rows have {classes} scores, so that labels run from 0 to {classes - 1}.", nameof(labels));
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
                if (label < 0 || weight == 0 || !Shifted(scores.Span.Slice(row * classes, classes), input, z) || double.IsNegativeInfinity(z[label]))
                    continue;

                TensorPrimitives.Max(z, Impossible, z);
                padded[classes..].Fill(Impossible);
                sum += LossOfRow(padded, z[label], b, weight);
            }

            ArrayPool<double>.Shared.Return(rented);
            return sum;
        }

        // −log p_y = log Σ exp(b z) − b z_y. z ≤ 0 with a 0 among them, so that nothing overflows and the sum is at least 1.
        private static LossSums LossOfRow(ReadOnlySpan<double> z, double ofLabel, double b, double weight)
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
            return new(weight * (Math.Log(total) - (b * ofLabel)), weight * (mean - ofLabel), weight * variance, weight, 1);
        }
    }
}
