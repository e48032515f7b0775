namespace MLPipelines.Learning;

/// <summary>Samples held in memory as numbers: feature vectors, embeddings, or images that are no bytes.</summary>
public sealed class FeatureRows : ISampleSource
{
    private readonly float[] features;
    private readonly int[] labels;
    private readonly float[]? weights;

    /// <summary>Rows one after the other. The arrays are used, not copied.</summary>
    /// <param name="shape">The shape of every row; <see cref="ImageShape.Vector"/> for a plain vector.</param>
    /// <param name="features">As many rows as labels, each of <see cref="ImageShape.Size"/> finite numbers.</param>
    /// <param name="labels">Class numbers from 0.</param>
    /// <param name="weights">How much each sample counts, finite and at least 0; null is 1 for all.</param>
    /// <exception cref="ArgumentException">The numbers of values do not fit together, a label is below 0, or a weight is no weight.</exception>
    /// <exception cref="InvalidDataException">A value is NaN or infinite; the message names its row.</exception>
    public FeatureRows(ImageShape shape, float[] features, int[] labels, float[]? weights = null)
    {
        SampleChecks.Require(shape, features.Length, labels, weights);
        for (var i = 0; i < features.Length; i++)
        {
            if (float.IsFinite(features[i])) continue;
            throw new InvalidDataException(
                $"Row {i / shape.Size} (counted from 0) has {(float.IsNaN(features[i]) ? "NaN (a missing value)" : "an infinite number")} as value "
                + $"{i % shape.Size} of {shape.Size}; a network learns from finite numbers only. Fill it in, or leave the row out.");
        }
        (Shape, this.features, this.labels, this.weights) = (shape, features, labels, weights);
    }

    /// <inheritdoc/>
    public int Count => labels.Length;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public int LabelOf(int index) => labels[index];

    /// <inheritdoc/>
    public float WeightOf(int index) => weights is null ? 1 : weights[index];

    /// <inheritdoc/>
    public void CopyTo(int index, Span<float> values) => features.AsSpan(index * Shape.Size, Shape.Size).CopyTo(values);
}
