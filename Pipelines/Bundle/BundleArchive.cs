using System.Collections.ObjectModel;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace MLPipelines.Pipelines;

/// <summary>A bundle's container: a zip of plain files, read with suspicion and written so that equal content gives equal bytes.</summary>
internal static partial class BundleArchive
{
    // The earliest time that a zip can say: nothing in the file depends on the clock.
    private static readonly DateTimeOffset timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a file of this name may be in a bundle: letters, digits, <c>. _ -</c>, no folders.</summary>
    public static bool IsName(string name) => PlainName().IsMatch(name);

    /// <summary>Writes the files in ordinal order of their names. JSON is compressed; weights hardly can be, and are stored.</summary>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var isStored = name.EndsWith(".onnx", StringComparison.Ordinal);
            var entry = archive.CreateEntry(name, isStored ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            entry.LastWriteTime = timestamp;
            using var target = entry.Open();
            target.Write(content.Span);
        }
    }

    /// <summary>Reads every file.</summary>
    /// <param name="stream">The zip; must be seekable.</param>
    /// <param name="source">What the zip is called in errors.</param>
    /// <param name="limits">What is refused unread.</param>
    /// <exception cref="InvalidDataException">It is no zip, is cut short, is larger than the limits, or has a name that is a path or
    /// appears twice.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Read(Stream stream, string source, BundleLimits limits)
    {
        using var archive = Guarded(source, () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        var entries = Guarded(source, () => archive.Entries);
        CheckSizes(entries, source, limits);
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!IsName(entry.FullName)) throw Refused(source, $"it holds '{entry.FullName}'; only plain file names without folders are allowed");
            if (files.ContainsKey(entry.FullName)) throw Refused(source, $"it holds '{entry.FullName}' twice");
            files.Add(entry.FullName, Guarded(source, () => ReadEntry(entry)));
        }
        return files;
    }

    /// <summary>The error of a bundle that cannot be used.</summary>
    public static InvalidDataException Refused(string source, string reason, Exception? cause = null) =>
        new($"The bundle '{source}' cannot be used: {reason}.", cause);

    private static void CheckSizes(ReadOnlyCollection<ZipArchiveEntry> entries, string source, BundleLimits limits)
    {
        if (entries.Count > limits.MaximumEntries)
            throw Refused(source, $"it holds {entries.Count:N0} files, and at most {limits.MaximumEntries:N0} are allowed");
        var total = entries.Aggregate((UInt128)0, (sum, entry) => sum + (UInt128)Math.Max(0, entry.Length));
        if (total > (UInt128)limits.MaximumBytes || entries.Any(entry => entry.Length > Array.MaxLength))
            throw Refused(source, $"it would unpack to {total:N0} bytes, and at most {limits.MaximumBytes:N0} are allowed");
        var bomb = entries.FirstOrDefault(entry =>
            entry.Length > 1 << 20 && entry.Length / Math.Max(1, entry.CompressedLength) > limits.MaximumRatio);
        if (bomb is not null)
            throw Refused(source,
                $"'{bomb.FullName}' would unpack from {bomb.CompressedLength:N0} to {bomb.Length:N0} bytes, more than {limits.MaximumRatio} times "
                + "its size");
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry)
    {
        using var data = entry.Open();
        var content = new byte[entry.Length];
        data.ReadExactly(content);
        return data.ReadByte() < 0 ? content : throw new InvalidDataException(
            $"'{entry.FullName}' is longer than the {entry.Length:N0} bytes announced");
    }

    // Whatever a damaged zip makes the platform throw becomes one kind of error.
    private static T Guarded<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error)
            when (error is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw Refused(source, $"it is no zip file, or a damaged one ({error.Message.TrimEnd('.')})", error);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
