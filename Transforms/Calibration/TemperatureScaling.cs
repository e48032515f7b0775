using System.Buffers;
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
            throw new ArgumentException(
                $"There are {scores.Length} scores and room for {probabilities.Length} probabilities.", nameof(probabilities));
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
    /// bracket, needs a handful of passes. When the loss has no minimum within the range, <see cref="TemperatureFit.AtBound"/> says so: where
    /// it rises to the end, the highest temperature is the answer. Where it falls to the end, as it does when the true class always has the
    /// highest score, the rows do not say how sure the model may be, and the temperature stays at 1 (or at the end of the range nearest to it).
    /// </remarks>
    /// <param name="scores">Row after row, as many scores per row as there are classes.</param>
    /// <param name="labels">The true class of each row, from 0; negative: not known, the row is ignored.</param>
    /// <param name="weights">The weight of each row, 0 or more; empty: 1 each.</param>
    /// <param name="input">What the scores are.</param>
    /// <param name="options">The range to search and the threads to use.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is not a class, a weight is negative or not
    /// finite, or the range is empty.</exception>
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
            TemperatureBound.Lowest => Math.Clamp(1, options.LowestTemperature, options.HighestTemperature),
            _ => 1 / b,
        };
        var after = bound != TemperatureBound.Lowest ? loss : temperature == 1 ? before : rows.LossAt(1 / temperature);
        return new(
            temperature, before.Mean, after.Mean, loss.Rows, loss.Correct, labels.Length - loss.Rows, iterations, bound,
            AreProbabilities: input == SoftmaxInput.Logits && rows.LookLikeProbabilities());
    }

    internal static void RequireTemperature(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be positive and finite; 1 changes nothing.");
    }

    internal static void RequireRange(TemperatureFitOptions options)
    {
        if (!(options.LowestTemperature > 0) || !(options.HighestTemperature >= options.LowestTemperature)
            || !double.IsFinite(options.HighestTemperature))
            throw new ArgumentException(
                $"The range of temperatures is {options.LowestTemperature} to {options.HighestTemperature}; it must be "
                + "positive, finite and in order.", nameof(options));
        if (options.Threads is < 1)
            throw new ArgumentException($"Threads is {options.Threads}; it must be at least 1, or null for all cores.", nameof(options));
    }

    /// <summary>z less its largest element, in double.</summary>
    /// <returns>False if there is a NaN or +∞ or nothing finite.</returns>
    internal static bool Shifted(ReadOnlySpan<float> scores, SoftmaxInput input, Span<double> z)
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
                    $"Scores said to be probabilities run from {smallest} to {largest}; probabilities lie in 0..1. If these are logits, say "
                    + $"{nameof(SoftmaxInput)}.{nameof(SoftmaxInput.Logits)}."));
        TensorPrimitives.Max(z, SmallestProbability, z);
        TensorPrimitives.Log<double>(z, z);
        TensorPrimitives.Subtract(z, Math.Log(Math.Max(largest, SmallestProbability)), z);
        return true;
    }
}
