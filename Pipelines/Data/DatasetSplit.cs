using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MLPipelines.Pipelines;

/// <summary>Cuts a data set into parts that have the same mixture of classes, and tells data sets apart by their content.</summary>
public static class DatasetSplit
{
    /// <summary>Cuts a data set into disjoint parts, class by class, so that each class has its share in each part to within one item.</summary>
    /// <param name="dataset">What to cut. Items without a label count as a class of their own.</param>
    /// <param name="seed">Another seed gives another cut; the same seed the same, whatever the order of the items.</param>
    /// <param name="shares">The parts' shares, each above 0, together 1. Where a class has too few items for every part, the earlier parts
    /// get them.</param>
    /// <returns>One data set per share, with the labels of the whole.</returns>
    /// <remarks>An item's place in its class is the order of SHA-256(seed, id), so that adding items moves few of the others.</remarks>
    public static IReadOnlyList<ImageDataset> Stratified(this ImageDataset dataset, int seed, params IReadOnlyList<double> shares)
    {
        if (shares.Count == 0 || shares.Any(share => !(share > 0)) || Math.Abs(shares.Sum() - 1) > 1e-9)
            throw new ArgumentException($"Shares were {string.Join(", ", shares)}; each must be above 0 and their sum 1.", nameof(shares));

        var partOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var group in dataset.Items.GroupBy(dataset.LabelNumber))
        {
            var ids = group.Select(item => item.Id).OrderBy(id => Place(seed, id)).ThenBy(id => id, StringComparer.Ordinal).ToList();
            var (begin, share) = (0, 0.0);
            for (var part = 0; part < shares.Count; part++)
            {
                share += shares[part];
                // Rounding up at the cuts gives the remainder to the earlier part; the tolerance keeps 0.7 + 0.2 + 0.1 of 10 from becoming 8.
                var end = part == shares.Count - 1 ? ids.Count : (int)Math.Ceiling(share * ids.Count - 1e-9);
                foreach (var id in ids[begin..end]) partOf[id] = part;
                begin = end;
            }
        }
        return
        [
            .. shares.Select((share, part) =>
                dataset.Subset($"{dataset.Name} [{share:0.###}, seed {seed}]", [.. dataset.Items.Where(item => partOf[item.Id] == part)])),
        ];
    }

    /// <summary>The SHA-256 of the ids, labels and bytes of all items, in lower-case hexadecimal; the order of the items does not count.</summary>
    /// <remarks>Reads every item once, on all processors. Items that were left out do not count.</remarks>
    public static string ContentHash(this ImageDataset dataset, CancellationToken cancellation = default)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (item, hash) in Hashes(dataset, cancellation).OrderBy(pair => pair.Item.Id, StringComparer.Ordinal))
        {
            Append(whole, item.Id);
            Append(whole, item.Label ?? "");
            whole.AppendData(hash);
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    /// <summary>Makes sure that no image of one data set is also in the other, whatever the files are called: a model must not be
    /// calibrated or judged on what it knows.</summary>
    /// <exception cref="InvalidDataException">Some images are in both; the error counts them and names the first.</exception>
    public static void RefuseOverlap(ImageDataset known, ImageDataset held, CancellationToken cancellation = default)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (item, hash) in Hashes(known, cancellation)) seen.TryAdd(Convert.ToHexString(hash), item.Id);
        var both = Hashes(held, cancellation)
            .Select(pair => (pair.Item.Id, Twin: seen.GetValueOrDefault(Convert.ToHexString(pair.Hash))))
            .Where(pair => pair.Twin is not null).OrderBy(pair => pair.Id, StringComparer.Ordinal).ToList();
        if (both.Count > 0)
        {
            throw new InvalidDataException(
                $"{both.Count:N0} of the {held.Items.Count:N0} images of '{held.Name}' are also in '{known.Name}', the first: '{both[0].Id}' "
                + $"equals '{both[0].Twin}'. "
                + "Numbers measured on known images say nothing about new ones; remove them from one of the two.");
        }
    }

    private static (ImageItem Item, byte[] Hash)[] Hashes(ImageDataset dataset, CancellationToken cancellation)
    {
        var items = dataset.Items.Where(item => !dataset.Bad.Holds(item.Id)).ToArray();
        var hashes = new (ImageItem, byte[])[items.Length];
        Parallel.For(0, items.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            hashes[i] = (items[i], SHA256.HashData(items[i].ReadBytes())));
        return hashes;
    }

    private static ulong Place(int seed, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var text = new byte[4 + Encoding.UTF8.GetByteCount(id)];
        BinaryPrimitives.WriteInt32LittleEndian(text, seed);
        Encoding.UTF8.GetBytes(id, text.AsSpan(4));
        SHA256.HashData(text, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    // The length first, so that ("ab", "c") and ("a", "bc") differ.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
