namespace MLPipelines.Learning;

/// <summary>What every source of samples asks of its arrays.</summary>
internal static class SampleChecks
{
    public static void Require(ImageShape shape, int valueCount, int[] labels, float[]? weights)
    {
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1)
        {
            throw new ArgumentException(
                $"The shape is height {shape.Height} × width {shape.Width} × channels {shape.Channels}; each must be at least 1.");
        }
        if (valueCount != (long)labels.Length * shape.Size)
        {
            throw new ArgumentException(
                $"{labels.Length:N0} samples of shape {shape} have {(long)labels.Length * shape.Size:N0} values; {valueCount:N0} were given.");
        }
        if (labels.AsSpan().IndexOfAnyInRange(int.MinValue, -1) is var below && below >= 0)
            throw new ArgumentException($"Sample {below} has label {labels[below]}; class numbers start at 0. Leave out samples without a label.");
        if (weights is null) return;

        if (weights.Length != labels.Length)
            throw new ArgumentException($"There are {weights.Length:N0} weights for {labels.Length:N0} samples; there must be one each.");
        if (Array.FindIndex(weights, weight => !(weight >= 0 && float.IsFinite(weight))) is var wrong && wrong >= 0)
            throw new ArgumentException($"Sample {wrong} has weight {weights[wrong]}; a weight is a finite number, at least 0.");
    }
}
