using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Some images of a data set as tensors, one behind the other.</summary>
/// <param name="Items">The items that could be loaded, in the order of the data set.</param>
/// <param name="Tensors">Their tensors; valid until the next batch.</param>
internal readonly record struct ImageBatch(IReadOnlyList<ImageItem> Items, ReadOnlyMemory<float> Tensors);

/// <summary>Loads the images of a data set batch by batch, on all processors, with flat memory.</summary>
internal static class ImageBatches
{
    /// <summary>The images whose tensors are in memory at a time, where they are small.</summary>
    private const int LargestBatch = 256;

    /// <summary>The most values in a batch: 64 MiB of floats.</summary>
    private const int MostValues = 16 << 20;

    /// <summary>Loads every item that is not known to be bad; one that cannot be loaded goes the way of the data set's
    /// <see cref="BadItemPolicy"/>.</summary>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail; the first in the order of the data set.</exception>
    public static IEnumerable<ImageBatch> Load(
        ImageDataset dataset, ImageTensorLoader loader, string stage, IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        var size = Math.Clamp(MostValues / loader.Length, 1, LargestBatch);
        var tensors = new float[size * loader.Length];
        long done = 0;
        foreach (var chunk in dataset.Items.Where(item => !dataset.Bad.Holds(item.Id)).Chunk(size))
        {
            cancellation.ThrowIfCancellationRequested();
            var errors = new Exception?[chunk.Length];
            Parallel.For(0, chunk.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
                errors[i] = TryLoad(chunk[i], loader, tensors.AsSpan(i * loader.Length, loader.Length), dataset.Bad));

            var used = new List<ImageItem>(chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (errors[i] is { } error)
                {
                    dataset.Bad.Report(chunk[i].Id, chunk[i].Part, error.Message, error);
                    continue;
                }
                if (used.Count < i) tensors.AsSpan(i * loader.Length, loader.Length).CopyTo(tensors.AsSpan(used.Count * loader.Length));
                used.Add(chunk[i]);
            }
            yield return new ImageBatch(used, tensors.AsMemory(0, used.Count * loader.Length));
            done += chunk.Length;
            progress?.Report(new PipelineProgress(stage, done, dataset.Items.Count));
        }
        dataset.Bad.WriteQuarantine();
    }

    /// <summary>Loads one item; gives back what is wrong with it, or null. What is not the item's fault is thrown.</summary>
    /// <param name="item">Which.</param>
    /// <param name="loader">How.</param>
    /// <param name="tensor">Where to.</param>
    /// <param name="notes">Keeps what should be known of it.</param>
    public static Exception? TryLoad(ImageItem item, ImageTensorLoader loader, Span<float> tensor, BadItems? notes = null)
    {
        try
        {
            var note = loader.Load(item.ReadBytes(), tensor, item.Id);
            notes?.Note(item.Id, note);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }
}
