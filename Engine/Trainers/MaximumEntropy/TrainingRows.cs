using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>The rows a linear trainer learns from, copied out of the data view once: dense features, class index and weight of each row.</summary>
/// <remarks>
/// The features lie row-major in blocks which, widened to double, fit a core's second-level cache. A row is padded with zeros to <see cref="Stride"/>, a block to
/// <see cref="BlockRows"/> rows, so that <see cref="SoftmaxKernels"/> never meets a remainder. Blocks depend on the data's size alone, never on
/// the number of threads. Memory: about 4 bytes × rows × features.
/// </remarks>
internal sealed class TrainingRows
{
    private const int TargetBlockLength = 48 * 1024;
    private const int MaximumBlockRows = 256;

    private readonly List<float[]> _blocks = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];

    /// <param name="featureCount">Number of features of a row; at least 1.</param>
    /// <param name="classCount">Number of classes; a label is 0 … classCount − 1.</param>
    internal TrainingRows(int featureCount, int classCount)
    {
        FeatureCount = featureCount;
        ClassCount = classCount;
        Stride = RoundUp(featureCount, 4 * Vector<double>.Count);
        BlockRows = RoundUp(Math.Clamp(TargetBlockLength / Stride, 1, MaximumBlockRows), SoftmaxKernels.RowTile);
    }

    internal int FeatureCount { get; }

    internal int ClassCount { get; }

    /// <summary>Numbers from one row to the next, and from one class's weights to the next.</summary>
    internal int Stride { get; }

    /// <summary>Rows in a block, those that only pad the last one included.</summary>
    internal int BlockRows { get; }

    internal int BlockCount => _blocks.Count;

    internal int Count => _labels.Count;

    internal IReadOnlyList<int> Labels => _labels;

    internal IReadOnlyList<float> Weights => _weights;

    /// <summary>Appends a row and hands out its features, all zero, to be filled.</summary>
    internal Span<float> Add(int label, float weight)
    {
        if (Count == BlockCount * BlockRows)
            _blocks.Add(new float[BlockRows * Stride]);
        var row = Count;
        _labels.Add(label);
        _weights.Add(weight);
        return Slice(row);
    }

    /// <summary>The features of one row, without the padding.</summary>
    internal ReadOnlySpan<float> this[int row] => Slice(row);

    /// <summary>All of a block as doubles: <see cref="BlockRows"/> × <see cref="Stride"/>.</summary>
    internal void CopyBlock(int block, Span<double> destination) => TensorPrimitives.ConvertTruncating<float, double>(_blocks[block], destination);

    /// <summary>How many rows of a block hold data.</summary>
    internal int RowsIn(int block) => Math.Min(BlockRows, Count - block * BlockRows);

    private Span<float> Slice(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * Stride, FeatureCount);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
