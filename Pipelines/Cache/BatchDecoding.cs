using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MLPipelines.Images;

namespace MLPipelines.Pipelines;

/// <summary>Decodes an image to numbers.</summary>
/// <returns>What should be known of it; mostly null.</returns>
/// <exception cref="InvalidDataException">It is no image, or a broken one, or of a size that is not allowed.</exception>
internal delegate ImageNote? ImageLoading<T>(ReadOnlySpan<byte> encoded, Span<T> values, string name);

/// <summary>Decodes the items of a data set on all processors, with flat memory, and hands them on in order.</summary>
internal static class BatchDecoding
{
    private const int LargestBatch = 1024, MostBytes = 64 << 20;

    /// <summary>Decodes; an item that cannot be is left out, by the data set's <see cref="BadItemPolicy"/>.</summary>
    /// <param name="dataset">Whose policy it is.</param>
    /// <param name="items">What to decode.</param>
    /// <param name="length">How many numbers an image becomes.</param>
    /// <param name="stage">What progress is called.</param>
    /// <param name="read">Reads an item's encoded bytes, on any thread.</param>
    /// <param name="load">Decodes them, on any thread.</param>
    /// <param name="take">Takes decoded images, one behind the other, in the order of the items; valid until it returns.</param>
    /// <param name="progress">Told the stage.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The items that were left out or noted.</returns>
    /// <exception cref="InvalidDataException">An item is bad and the policy is to fail; the first in order.</exception>
    public static List<ImageVerdict> Run<T>(
        ImageDataset dataset, IReadOnlyList<ImageItem> items, int length, string stage, Func<int, byte[]> read, ImageLoading<T> load,
        Action<ReadOnlyMemory<T>> take, IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        var capacity = Math.Clamp(MostBytes / Unsafe.SizeOf<T>() / length, 1, LargestBatch);
        var values = new T[Math.Min(capacity, items.Count) * length];
        var verdicts = new List<ImageVerdict>();
        for (var first = 0; first < items.Count; first += capacity)
        {
            var count = Math.Min(capacity, items.Count - first);
            var errors = new Exception?[count];
            var notes = new ImageNote?[count];
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
                errors[i] = TryDecode(items[first + i], first + i, read, load, values.AsSpan(i * length, length), out notes[i]));

            var used = 0;
            for (var i = 0; i < count; i++)
            {
                if (errors[i] is ItemChangedException) ExceptionDispatchInfo.Throw(errors[i]!);
                if (errors[i] is { } error)
                {
                    verdicts.Add(new ImageVerdict(first + i, error.Message, Note: null));
                    verdicts[^1].Report(dataset, items[first + i], error);
                    continue;
                }
                if (notes[i] is { } note)
                {
                    verdicts.Add(new ImageVerdict(first + i, Reason: null, note));
                    verdicts[^1].Report(dataset, items[first + i]);
                }
                if (used < i) values.AsSpan(i * length, length).CopyTo(values.AsSpan(used * length));
                used++;
            }
            take(values.AsMemory(0, used * length));
            progress?.Report(new PipelineProgress(stage, first + count, items.Count));
        }
        return verdicts;
    }

    private static Exception? TryDecode<T>(ImageItem item, int index, Func<int, byte[]> read, ImageLoading<T> load, Span<T> values, out ImageNote? note)
    {
        note = null;
        try
        {
            note = load(read(index), values, item.Id);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }
}
