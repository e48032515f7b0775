using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MLPipelines.Pipelines;

/// <summary>The SHA-256 of every image of a data set, without reading again the files that did not change.</summary>
/// <remarks>
/// An <c>.index</c> file keeps length, time of last change and hash for each file of one list of paths. A file is taken for unchanged where length
/// and time are as they were, and the time was already past when the index was made: one that was changed just then could be changed once more
/// within the same tick of the clock (git calls such entries racy). Items without a file are read every time.
/// </remarks>
internal sealed class ContentIndex
{
    private const int EntryLength = 16 + SHA256.HashSizeInBytes, HeaderLength = 20;

    // The coarsest clock of a file system in use: FAT counts in steps of 2 seconds.
    private static readonly TimeSpan tick = TimeSpan.FromSeconds(2);
    private static ReadOnlySpan<byte> Magic => "MLPINDX1"u8;

    private readonly IReadOnlyList<ImageItem> items;
    private readonly byte[] entries;
    private readonly byte[]? known;
    private readonly long knownSince;
    private int changed;

    private ContentIndex(IReadOnlyList<ImageItem> items, byte[]? known, long knownSince)
    {
        this.items = items;
        this.known = known;
        this.knownSince = knownSince;
        entries = new byte[checked(items.Count * EntryLength)];
        Errors = new Exception?[items.Count];
    }

    /// <summary>What is wrong with each item that could not be read; null where nothing is.</summary>
    public Exception?[] Errors { get; }

    /// <summary>The SHA-256 of an item's bytes, where it could be read.</summary>
    public ReadOnlySpan<byte> HashOf(int item) => entries.AsSpan(item * EntryLength + 16, SHA256.HashSizeInBytes);

    /// <summary>Hashes every item, on all processors.</summary>
    /// <param name="folder">Where the index is kept.</param>
    /// <param name="items">The items.</param>
    /// <param name="settings">Whether file times are trusted, and the clock.</param>
    /// <param name="progress">Told the stage <c>Read</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ContentIndex Of(
        CacheFolder folder, IReadOnlyList<ImageItem> items, DecodedCacheSettings settings, IProgress<PipelineProgress>? progress,
        CancellationToken cancellation)
    {
        const int Chunk = 4096;
        var start = settings.Clock.GetUtcNow().UtcTicks;
        var name = NameOf(items);
        var file = folder.PathOf(name, CacheFolder.Index);
        var (known, since) = settings.TrustFileTimes ? Load(file, items.Count) : (null, 0);
        var index = new ContentIndex(items, known, since);
        for (var first = 0; first < items.Count; first += Chunk)
        {
            var end = Math.Min(items.Count, first + Chunk);
            Parallel.For(first, end, new ParallelOptions { CancellationToken = cancellation }, index.Hash);
            progress?.Report(new PipelineProgress("Read", end, items.Count));
        }
        if (index.changed > 0) index.Save(folder, name, start);
        else if (known is not null) folder.Touch(file);
        return index;
    }

    private void Hash(int item)
    {
        var entry = entries.AsSpan(item * EntryLength, EntryLength);
        try
        {
            if (items[item].File is { } path)
            {
                var file = new FileInfo(path);
                BinaryPrimitives.WriteInt64LittleEndian(entry, file.Exists ? file.Length : -1);
                BinaryPrimitives.WriteInt64LittleEndian(entry[8..], file.LastWriteTimeUtc.Ticks);
                if (known is not null && file.LastWriteTimeUtc.Ticks < knownSince - tick.Ticks
                    && known.AsSpan(item * EntryLength, 16).SequenceEqual(entry[..16]))
                {
                    known.AsSpan(item * EntryLength, EntryLength).CopyTo(entry);
                    return;
                }
            }
            SHA256.HashData(items[item].ReadBytes(), entry[16..]);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Errors[item] = error;
            entry.Clear();
        }
        if (items[item].File is not null) Interlocked.Increment(ref changed);
    }

    // The same list of ids and paths has the same index, whatever it is decoded to.
    private static string NameOf(IReadOnlyList<ImageItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Magic);
        foreach (var item in items)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Id}\0{(item.File is null ? "" : Path.GetFullPath(item.File))}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Magic, time, count, entries, SHA-256 of all this. What is damaged, cut short or of another length is as good as missing.
    private static (byte[]? Entries, long Since) Load(string file, int count)
    {
        var length = HeaderLength + (long)count * EntryLength + SHA256.HashSizeInBytes;
        if (!File.Exists(file) || new FileInfo(file).Length != length || length > Array.MaxLength) return (null, 0);
        var content = File.ReadAllBytes(file);
        if (content.Length != length) return (null, 0);
        var body = content.AsSpan(0, content.Length - SHA256.HashSizeInBytes);
        if (!body.StartsWith(Magic) || !SHA256.HashData(body).AsSpan().SequenceEqual(content.AsSpan(body.Length))) return (null, 0);
        return (body[HeaderLength..].ToArray(), BinaryPrimitives.ReadInt64LittleEndian(body[8..]));
    }

    private void Save(CacheFolder folder, string name, long start)
    {
        // Under the lock nobody takes the unfinished file for one left behind; who does not get it lets the other process save the same.
        using var gate = folder.TryLock(name);
        if (gate is null) return;

        var content = new byte[HeaderLength + entries.Length + SHA256.HashSizeInBytes];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(8), start);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(16), items.Count);
        entries.CopyTo(content, HeaderLength);
        SHA256.HashData(content.AsSpan(0, HeaderLength + entries.Length), content.AsSpan(HeaderLength + entries.Length));

        var partial = folder.NewPartial(name);
        try
        {
            File.WriteAllBytes(partial, content);
            File.Move(partial, folder.PathOf(name, CacheFolder.Index), overwrite: true);
            folder.Touch(folder.PathOf(name, CacheFolder.Index));
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
