namespace MLPipelines.Learning;

/// <summary>What the raw values of samples are like, channel by channel; of vectors, where every number is a channel, feature by feature.</summary>
/// <param name="Mean">Per channel.</param>
/// <param name="StandardDeviation">Per channel, of all values (divided by n).</param>
/// <param name="Minimum">Per channel.</param>
/// <param name="Maximum">Per channel.</param>
public sealed record ChannelStatistics(
    IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation, IReadOnlyList<double> Minimum, IReadOnlyList<double> Maximum)
{
    // A feature that is the same almost always has a tiny deviation, and the few other values would come out huge.
    private const double FurthestFromMean = 16;

    /// <summary>Measures all samples in their order, summed in double.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public static ChannelStatistics Of(ISampleSource samples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0) throw new InvalidDataException("There are no samples to measure.");
        var channels = samples.Shape.Channels;
        var values = new float[samples.Shape.Size];
        samples.CopyTo(0, values);

        // Sums of differences from the first value: of large values close to each other the squares would leave nothing of the differences.
        double[] origin = [.. values.Take(channels).Select(value => (double)value)], sum = new double[channels], squares = new double[channels];
        double[] minimum = [.. origin], maximum = [.. origin];
        for (var index = 0; index < samples.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.CopyTo(index, values);
            for (int i = 0, c = 0; i < values.Length; i++, c = c + 1 == channels ? 0 : c + 1)
            {
                var difference = values[i] - origin[c];
                sum[c] += difference;
                squares[c] += difference * difference;
                if (values[i] < minimum[c]) minimum[c] = values[i];
                if (values[i] > maximum[c]) maximum[c] = values[i];
            }
        }

        var count = (double)samples.Count * values.Length / channels;
        return new(
            [.. origin.Zip(sum, (first, total) => first + total / count)],
            [.. squares.Zip(sum, (total, linear) => Math.Sqrt(Math.Max(0, total / count - linear / count * (linear / count))))],
            minimum,
            maximum);
    }

    /// <summary>Brings every channel to mean 0 and deviation 1.</summary>
    /// <param name="scale">What raw values are multiplied by first; the result is the same.</param>
    /// <remarks>
    /// A channel that is always the same becomes 0. Where a value would come out further from 0 than 16, the channel is divided by more than
    /// its deviation.
    /// </remarks>
    public Normalization Standardizing(float scale = 1)
    {
        var deviations = new float[Mean.Count];
        for (var c = 0; c < deviations.Length; c++)
        {
            var furthest = Math.Max(Maximum[c] - Mean[c], Mean[c] - Minimum[c]);
            var deviation = (float)(Math.Max(StandardDeviation[c], furthest / FurthestFromMean) * scale);
            deviations[c] = deviation > 0 ? deviation : 1;
        }

        return new Normalization(scale, [.. Mean.Select(mean => (float)(mean * scale))], deviations);
    }

    /// <summary>Brings every channel to mean 0, and its deviation half of the way to 1: where channels vary a hundred times as much as others,
    /// ten times is left. For embeddings, in which what varies little says little.</summary>
    /// <remarks>
    /// A channel is divided by √(its deviation × the root mean square of all deviations), so that a deviation of the common size becomes 1. One
    /// below a thousandth of the common size counts as that thousandth; a channel that is always the same becomes 0. No value comes out further
    /// from 0 than 16.
    /// </remarks>
    public Normalization Balancing()
    {
        const double Least = 1e-3;
        var common = Math.Sqrt(StandardDeviation.Average(deviation => deviation * deviation));
        var divisors = new float[Mean.Count];
        for (var c = 0; c < divisors.Length; c++)
        {
            var furthest = Math.Max(Maximum[c] - Mean[c], Mean[c] - Minimum[c]);
            var divisor = (float)Math.Max(Math.Sqrt(Math.Max(StandardDeviation[c], Least * common) * common), furthest / FurthestFromMean);
            divisors[c] = divisor > 0 ? divisor : 1;
        }

        return new Normalization(1, [.. Mean.Select(mean => (float)mean)], divisors);
    }
}
