using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>What a cache keeps of each image, a row of bytes, and how it is made: decoded pixels, or what a backbone sees in them.</summary>
internal abstract class RowMaker
{
    /// <summary>The kind of the files (<see cref="CacheFolder"/>).</summary>
    public abstract string Kind { get; }

    /// <summary>What the rows are called in sentences, such as <c>images</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How they are made, in sentences: <c>decoded</c>.</summary>
    public abstract string Made { get; }

    /// <summary>The shape of a row, each value of which is a byte.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>Everything that decides the bytes beside the images themselves; goes into the key.</summary>
    public abstract string Identity { get; }

    /// <summary>Whether making the rows of a data set takes less time than a file would.</summary>
    public virtual bool IsFasterThanFile(ImageDataset dataset, long bytes) => false;

    /// <summary>Makes the rows; an item that cannot be decoded is left out, by the data set's <see cref="BadItemPolicy"/>.</summary>
    /// <param name="dataset">Whose policy it is.</param>
    /// <param name="items">Of what.</param>
    /// <param name="read">Reads an item's encoded bytes, on any thread.</param>
    /// <param name="write">Takes rows, one behind the other, in the order of the items.</param>
    /// <param name="progress">Told of one stage.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The items that were left out or noted.</returns>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail; the first in order.</exception>
    public abstract List<ImageVerdict> Make(
        ImageDataset dataset, IReadOnlyList<ImageItem> items, Func<int, byte[]> read, Action<ReadOnlySpan<byte>> write,
        IProgress<PipelineProgress>? progress, CancellationToken cancellation);
}
