namespace MLPipelines.Learning;

/// <summary>How raw values become what the network sees: <c>(raw × Scale − Mean[c]) / StandardDeviation[c]</c>.</summary>
/// <param name="Scale">1/255 brings pixels to 0…1.</param>
/// <param name="Mean">Per channel, or empty for 0.</param>
/// <param name="StandardDeviation">Per channel and not 0, or empty for 1.</param>
public sealed record Normalization(float Scale, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>Values stay as they are.</summary>
    public static Normalization None { get; } = new(1, [], []);

    /// <summary>Pixels of 0 to 255 become 0 to 1.</summary>
    public static Normalization UnitRange { get; } = new(1f / 255, [], []);

    /// <summary>Normalises in place.</summary>
    /// <param name="values">Samples one after the other, channels last.</param>
    /// <param name="channels">Channels of a sample.</param>
    public void Apply(Span<float> values, int channels)
    {
        if (Mean.Count == 0 && StandardDeviation.Count == 0)
        {
            if (Scale != 1) System.Numerics.Tensors.TensorPrimitives.Multiply(values, Scale, values);
            return;
        }

        Span<float> mean = stackalloc float[channels], deviation = stackalloc float[channels];
        for (var c = 0; c < channels; c++)
        {
            mean[c] = Mean.Count == 0 ? 0 : Mean[c];
            deviation[c] = StandardDeviation.Count == 0 ? 1 : StandardDeviation[c];
        }

        for (int i = 0, c = 0; i < values.Length; i++, c = c + 1 == channels ? 0 : c + 1)
            values[i] = (values[i] * Scale - mean[c]) / deviation[c];
    }
}
