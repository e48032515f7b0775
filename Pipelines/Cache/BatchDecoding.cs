using System.Runtime.ExceptionServices;

namespace MLPipelines.Pipelines;

/// <summary>Decodes the items of a data set on all processors, with flat memory, and hands them on in order.</summary>
internal static class BatchDecoding
{
    private const int LargestBatch = 1024, MostBytes = 64 << 20;

    /// <summary>Decodes; an item that cannot be is left out, by the data set's <see cref="BadItemPolicy"/>.</summary>
    /// <param name="dataset">Whose policy it is.</param>
    /// <param name="items">What to decode.</param>
    /// <param name="loader">Into which bytes.</param>
    /// <param name="read">Reads an item's encoded bytes, on any thread.</param>
    /// <param name="write">Takes decoded images, one behind the other, in the order of the items.</param>
    /// <param name="progress">Told the stage <c>Decode</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The items that were left out.</returns>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail; the first in order.</exception>
    public static List<BadImage> Run(
        ImageDataset dataset, IReadOnlyList<ImageItem> items, PixelLoader loader, Func<int, byte[]> read, Action<ReadOnlySpan<byte>> write,
        IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        var size = loader.Shape.Size;
        var capacity = Math.Clamp(MostBytes / size, 1, LargestBatch);
        var pixels = new byte[Math.Min(capacity, items.Count) * size];
        var bad = new List<BadImage>();
        for (var first = 0; first < items.Count; first += capacity)
        {
            var count = Math.Min(capacity, items.Count - first);
            var errors = new Exception?[count];
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
                errors[i] = TryDecode(items[first + i], first + i, loader, read, pixels.AsSpan(i * size, size)));

            var used = 0;
            for (var i = 0; i < count; i++)
            {
                if (errors[i] is ItemChangedException) ExceptionDispatchInfo.Throw(errors[i]!);
                if (errors[i] is { } error)
                {
                    dataset.Bad.Report(items[first + i].Id, items[first + i].Part, error.Message, error);
                    bad.Add(new BadImage(first + i, error.Message));
                    continue;
                }
                if (used < i) pixels.AsSpan(i * size, size).CopyTo(pixels.AsSpan(used * size));
                used++;
            }
            write(pixels.AsSpan(0, used * size));
            progress?.Report(new PipelineProgress("Decode", first + count, items.Count));
        }
        return bad;
    }

    private static Exception? TryDecode(ImageItem item, int index, PixelLoader loader, Func<int, byte[]> read, Span<byte> pixels)
    {
        try
        {
            loader.Load(read(index), pixels, item.Id);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }
}
