namespace MLPipelines.Learning;

/// <summary>Labelled samples of one shape that can be read in any order, from several threads at once.</summary>
/// <remarks>What is kept (bytes, floats, a file) is the source's own business; only the samples of a batch are ever held as floats.</remarks>
public interface ISampleSource
{
    /// <summary>How many samples there are.</summary>
    int Count { get; }

    /// <summary>The shape of every sample.</summary>
    ImageShape Shape { get; }

    /// <summary>The class number of a sample, from 0.</summary>
    int LabelOf(int index);

    /// <summary>How much a sample counts in the loss, at least 0; 1 is usual.</summary>
    float WeightOf(int index) => 1;

    /// <summary>Writes a sample's raw values, channels last: pixels as 0 to 255, features as they are.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="values"><see cref="ImageShape.Size"/> of <see cref="Shape"/> numbers.</param>
    void CopyTo(int index, Span<float> values);
}
