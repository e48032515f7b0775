using System.Security.Cryptography;
using System.Text;

namespace MLPipelines.Pipelines;

/// <summary>Finds the decoded images of a data set, or what else is kept of each, or makes them: into a file that other runs find, else into
/// memory.</summary>
/// <remarks>
/// The file is named by the SHA-256 of the bytes and ids of all images and of what is made of them (<see cref="RowMaker.Identity"/>). It is written
/// under another name and renamed when it is whole. Who writes holds a lock; others wait for it, and find the file.
/// </remarks>
internal sealed class DecodedCache(
    ImageDataset dataset, RowMaker maker, DecodedCacheSettings settings, IProgress<PipelineProgress>? progress, CancellationToken cancellation)
{
    private readonly List<string> notes = [];

    public DecodedImages Open()
    {
        var items = dataset.Items.Where(item => !dataset.Bad.Holds(item.Id)).ToList();
        if (settings.IsOff || maker.IsFasterThanFile(dataset, SizeOf(items)))
            return InMemory(items, obstacle: null);

        var folder = new CacheFolder(Path.GetFullPath(settings.Folder ?? DecodedCacheSettings.DefaultFolder), settings.Clock);
        try
        {
            return InFile(items, folder);
        }
        catch (Exception error) when (error is (IOException or UnauthorizedAccessException) and not ItemChangedException)
        {
            var left = items.Where(item => !dataset.Bad.Holds(item.Id)).ToList();
            return InMemory(left, $"The decoded cache in '{folder.Path}' cannot be used: {error.Message}");
        }
    }

    private long SizeOf(List<ImageItem> items) => (long)items.Count * maker.Shape.Size;

    private DecodedImages InMemory(List<ImageItem> items, string? obstacle)
    {
        // Half of what there is: the network, its batches and the rest of the program want the other half.
        var (size, room) = (SizeOf(items), Math.Min(Array.MaxLength, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2));
        if (size > room)
        {
            var problem = $"{items.Count:N0} {maker.Name} of {maker.Shape} take {size:N0} bytes, and {room:N0} may be used in memory.";
            throw new IOException(obstacle is null
                ? $"{problem} Let them be {maker.Made} into a file: leave {nameof(DecodedCacheSettings.IsOff)} false (mlp: without --no-cache)."
                : $"{obstacle} In memory they do not fit: {problem} Make room, raise {nameof(DecodedCacheSettings.LimitBytes)}, or choose another "
                    + $"folder ({nameof(DecodedCacheSettings.Folder)}, or the environment variable {DecodedCacheSettings.FolderVariable}).");
        }
        if (obstacle is not null) notes.Add($"{obstacle} The {maker.Name} ({size:N0} bytes) are {maker.Made} into memory instead.");

        var (pixels, written) = (new byte[size], 0);
        var verdicts = maker.Make(dataset, items, i => items[i].ReadBytes(), Write, progress, cancellation);
        return new DecodedImages(new PixelsInMemory(pixels, maker.Shape.Size), Without(verdicts, items), CacheFile: null, WasDecoded: true, notes);

        void Write(ReadOnlySpan<byte> batch)
        {
            batch.CopyTo(pixels.AsSpan(written));
            written += batch.Length;
        }
    }

    private DecodedImages InFile(List<ImageItem> all, CacheFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        folder.Sweep();
        var index = ContentIndex.Of(folder, all, settings, progress, cancellation);
        var readable = new List<(ImageItem Item, byte[] Hash)>(all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            if (index.Errors[i] is { } error) dataset.Bad.Report(all[i].Id, all[i].Part, error.Message, error);
            else readable.Add((all[i], index.HashOf(i).ToArray()));
        }
        var items = readable.ConvertAll(pair => pair.Item);
        var key = KeyOf(readable);
        while (true)
        {
            if (Find(folder, key, items) is { } found) return found;
            using (var gate = folder.TryLock(key))
            {
                // Who held the lock a moment ago may have finished the file.
                if (gate is not null) return Find(folder, key, items) ?? Make(folder, key, readable, items);
            }
            progress?.Report(new PipelineProgress("Wait", 0, 0));
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private DecodedImages? Find(CacheFolder folder, string key, List<ImageItem> items)
    {
        var path = folder.PathOf(key, maker.Kind);
        if (!File.Exists(path)) return null;

        progress?.Report(new PipelineProgress("Check", 0, 0));
        (PixelsInFile?, IReadOnlyList<ImageVerdict>) content;
        try
        {
            content = DecodedFile.Open(path, key, maker.Shape, items.Count, check: true, cancellation);
        }
        catch (InvalidDataException damage)
        {
            notes.Add($"The cache file '{path}' was made anew: {damage.Message}.");
            CacheFolder.TryRemove(path);
            return null;
        }
        catch (IOException error) when (error is FileNotFoundException || CacheFolder.IsInUse(error))
        {
            // It has just been removed to make room.
            return null;
        }
        folder.Touch(path);
        return Images(content, path, items, wasDecoded: false);
    }

    private DecodedImages Make(CacheFolder folder, string key, List<(ImageItem Item, byte[] Hash)> readable, List<ImageItem> items)
    {
        var (partial, path) = (folder.NewPartial(key), folder.PathOf(key, maker.Kind));
        folder.MakeRoom(SizeOf(items) + DecodedFileHeader.Length, settings.LimitBytes);
        try
        {
            using (var writer = new DecodedFileWriter(partial, maker.Shape, items.Count))
            {
                var verdicts = maker.Make(dataset, items, i => ReadAgain(readable[i]), writer.Write, progress, cancellation);
                writer.Complete(key, verdicts);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
        folder.Touch(path);
        return Images(DecodedFile.Open(path, key, maker.Shape, items.Count, check: false, cancellation), path, items, wasDecoded: true);
    }

    private DecodedImages Images((PixelsInFile? Pixels, IReadOnlyList<ImageVerdict> Verdicts) content, string path, List<ImageItem> items, bool wasDecoded)
    {
        try
        {
            foreach (var verdict in content.Verdicts) verdict.Report(dataset, items[verdict.Item]);
        }
        catch (InvalidDataException)
        {
            content.Pixels?.Dispose();
            throw;
        }
        IPixels pixels = content.Pixels is { } inFile ? inFile : new PixelsInMemory([], maker.Shape.Size);
        return new DecodedImages(pixels, Without(content.Verdicts, items), path, wasDecoded, notes);
    }

    /// <summary>Reads an item whose hash is known, and makes sure that it is still the same.</summary>
    private static byte[] ReadAgain((ImageItem Item, byte[] Hash) known)
    {
        byte[] bytes;
        try
        {
            bytes = known.Item.ReadBytes();
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ItemChangedException(known.Item, error);
        }
        return SHA256.HashData(bytes).AsSpan().SequenceEqual(known.Hash) ? bytes : throw new ItemChangedException(known.Item);
    }

    // What decides the bytes of the file: how they are made, and each item.
    private string KeyOf(List<(ImageItem Item, byte[] Hash)> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{maker.Identity}\0"));
        foreach (var (item, content) in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Id}\0"));
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static List<ImageItem> Without(IReadOnlyList<ImageVerdict> verdicts, List<ImageItem> items)
    {
        var left = verdicts.Where(verdict => verdict.IsLeftOut).Select(verdict => verdict.Item).ToHashSet();
        if (left.Count == 0) return items;
        return [.. items.Where((_, i) => !left.Contains(i))];
    }
}
