namespace MLPipelines.Learning;

/// <summary>Chosen samples of a source in a chosen order, such as the training part of one decoded file. Nothing is copied.</summary>
public sealed class SampleSubset : ISampleSource
{
    private readonly ISampleSource source;
    private readonly int[] indices;

    /// <param name="source">Where the samples are.</param>
    /// <param name="indices">Which of them, in which order; a sample may occur more than once.</param>
    /// <exception cref="ArgumentException">An index is not one of the source's.</exception>
    public SampleSubset(ISampleSource source, IEnumerable<int> indices)
    {
        (this.source, this.indices) = (source, [.. indices]);
        for (var i = 0; i < this.indices.Length; i++)
        {
            if ((uint)this.indices[i] < (uint)source.Count) continue;
            throw new ArgumentException(
                $"Index {i} of the subset is {this.indices[i]}; the source has samples 0 to {source.Count - 1}.", nameof(indices));
        }
    }

    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public ImageShape Shape => source.Shape;

    /// <inheritdoc/>
    public int LabelOf(int index) => source.LabelOf(indices[index]);

    /// <inheritdoc/>
    public float WeightOf(int index) => source.WeightOf(indices[index]);

    /// <inheritdoc/>
    public void CopyTo(int index, Span<float> values) => source.CopyTo(indices[index], values);
}
