using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Measures <see cref="ReferenceStatistics"/> batch by batch. Sums are in double; one thread at a time.</summary>
internal sealed class ReferenceCollector(ImagePreprocessing preprocessing, int classCount)
{
    private const int BrightnessBins = 32;
    private const int ConfidenceBins = 20;

    private readonly (double Sum, double Squares, double Minimum, double Maximum)[] channels =
        [.. Enumerable.Repeat((0.0, 0.0, double.PositiveInfinity, double.NegativeInfinity), preprocessing.Channels)];
    private readonly long[] brightness = new long[BrightnessBins];
    private readonly long[] labels = new long[classCount];
    private readonly long[] predicted = new long[classCount];
    private readonly long[] confidence = new long[ConfidenceBins];
    private double confidenceSum;
    private long images;

    /// <summary>Adds an image's pixels and its label.</summary>
    /// <param name="tensor">The image as the model sees it; normalisation is undone.</param>
    /// <param name="label">The class number, or −1.</param>
    public void AddImage(ReadOnlySpan<float> tensor, int label) => AddImage(PixelSummary.Of(tensor, preprocessing), label);

    /// <summary>Adds an image whose pixels were measured before.</summary>
    public void AddImage(PixelSummary image, int label)
    {
        var total = 0.0;
        for (var c = 0; c < channels.Length; c++)
        {
            var (sum, squares, minimum, maximum) = image[c];
            channels[c] = (
                channels[c].Sum + sum, channels[c].Squares + squares, Math.Min(channels[c].Minimum, minimum), Math.Max(channels[c].Maximum, maximum));
            total += sum;
        }
        var mean = total / (preprocessing.Width * preprocessing.Height * channels.Length);
        brightness[Math.Clamp((int)(mean * BrightnessBins / 256), 0, BrightnessBins - 1)]++;
        if (label >= 0) labels[label]++;
        images++;
    }

    /// <summary>Adds all samples of decoded images, whose values are bytes.</summary>
    public void AddSamples(ISampleSource samples)
    {
        var values = new float[samples.Shape.Size];
        for (var i = 0; i < samples.Count; i++)
        {
            samples.CopyTo(i, values);
            AddImage(PixelSummary.Of(values, samples.Shape.Channels), samples.LabelOf(i));
        }
    }

    /// <summary>Adds the calibrated probabilities of an image.</summary>
    public void AddProbabilities(ReadOnlySpan<float> probabilities)
    {
        Span<int> best = stackalloc int[1];
        TopNSelection.Indices(probabilities, best);
        predicted[best[0]]++;
        confidence[Math.Clamp((int)(probabilities[best[0]] * ConfidenceBins), 0, ConfidenceBins - 1)]++;
        confidenceSum += probabilities[best[0]];
    }

    /// <summary>What was measured.</summary>
    public ReferenceStatistics Build()
    {
        var pixels = (double)images * preprocessing.Width * preprocessing.Height;
        var scored = predicted.Sum();
        return new ReferenceStatistics(
            images,
            [.. channels.Select(c => new ChannelReference(
                c.Sum / pixels, Math.Sqrt(Math.Max(0, c.Squares / pixels - c.Sum / pixels * (c.Sum / pixels))), c.Minimum, c.Maximum))],
            brightness,
            labels,
            predicted,
            confidence,
            scored == 0 ? 0 : confidenceSum / scored);
    }
}
