using System.Numerics.Tensors;

namespace MLPipelines.Learning;

/// <summary>Images held in memory as bytes: a quarter of what floats would take; only the samples of a batch are ever floats.</summary>
public sealed class ByteImages : ISampleSource
{
    private readonly byte[] pixels;
    private readonly int[] labels;
    private readonly float[]? weights;

    /// <summary>Images one after the other. The arrays are used, not copied.</summary>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="pixels">As many images as labels, each of <see cref="ImageShape.Size"/> bytes, channels last.</param>
    /// <param name="labels">Class numbers from 0.</param>
    /// <param name="weights">How much each sample counts, finite and at least 0; null is 1 for all.</param>
    /// <exception cref="ArgumentException">The numbers of values do not fit together, a label is below 0, or a weight is no weight.</exception>
    public ByteImages(ImageShape shape, byte[] pixels, int[] labels, float[]? weights = null)
    {
        SampleChecks.Require(shape, pixels.Length, labels, weights);
        (Shape, this.pixels, this.labels, this.weights) = (shape, pixels, labels, weights);
    }

    /// <inheritdoc/>
    public int Count => labels.Length;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public int LabelOf(int index) => labels[index];

    /// <inheritdoc/>
    public float WeightOf(int index) => weights is null ? 1 : weights[index];

    /// <summary>The bytes of one image, channels last.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => pixels.AsSpan(index * Shape.Size, Shape.Size);

    /// <inheritdoc/>
    public void CopyTo(int index, Span<float> values) => TensorPrimitives.ConvertTruncating(Pixels(index), values);
}
