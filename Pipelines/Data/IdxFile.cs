using System.Buffers.Binary;
using System.IO.Compression;

namespace MLPipelines.Pipelines;

/// <summary>An IDX file of bytes (the format of MNIST): two zeros, the type 0x08, the number of dimensions, each dimension as a big-endian
/// 32-bit number, then the bytes.</summary>
/// <remarks>
/// An uncompressed file is read piece by piece when a piece is asked for; a <c>.gz</c> has no random access and is unpacked into memory once.
/// Nothing is allocated on the header's word alone: a size that the file cannot hold is refused first.
/// Source of the format: http://yann.lecun.com/exdb/mnist/, section "FILE FORMATS FOR THE MNIST DATABASE".
/// </remarks>
internal sealed class IdxFile
{
    // Deflate cannot do better than 1032 : 1, so a header that claims more lies.
    private const long MaximumRatio = 1040;

    private readonly string path;
    private readonly byte[]? unpacked;
    private readonly int headerLength;

    private IdxFile(string path, int[] dimensions, byte[]? unpacked)
    {
        this.path = path;
        this.unpacked = unpacked;
        Dimensions = dimensions;
        headerLength = HeaderLength(dimensions.Length);
        ItemLength = (int)dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
    }

    /// <summary>The dimensions; the first is the number of items.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The number of bytes of one item.</summary>
    public int ItemLength { get; }

    /// <summary>Opens a file and checks its header and its length.</summary>
    /// <exception cref="InvalidDataException">The file is no IDX file of bytes with that many dimensions, is cut short, or has bytes left
    /// over.</exception>
    public static IdxFile Open(string path, int dimensionCount)
    {
        using var file = File.OpenRead(path);
        var isGzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        using var data = isGzip ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;

        var dimensions = ReadHeader(data, path, dimensionCount);
        var length = ContentLength(dimensions, path);
        var possible = isGzip ? file.Length * MaximumRatio : file.Length - HeaderLength(dimensionCount);
        if (length > possible)
            throw new InvalidDataException(
                $"'{path}' is cut short: its header announces {Sizes(dimensions)} = {length:N0} bytes, and the file cannot hold more than "
                + $"{Math.Max(0, possible):N0}.");
        if (isGzip) return new IdxFile(path, dimensions, Unpack(data, length, dimensions, path));
        return length == possible ? new IdxFile(path, dimensions, unpacked: null)
            : throw new InvalidDataException(
                $"'{path}' has {possible - length:N0} bytes more than the {Sizes(dimensions)} that its header announces.");
    }

    /// <summary>Reads one item's bytes into the start of <paramref name="into"/>.</summary>
    public void Read(int item, Span<byte> into)
    {
        var target = into[..ItemLength];
        var offset = (long)item * ItemLength;
        if (unpacked is not null)
        {
            unpacked.AsSpan((int)offset, ItemLength).CopyTo(target);
            return;
        }
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(handle, target[done..], headerLength + offset + done);
            if (read == 0) throw new EndOfStreamException($"'{path}' became shorter while it was in use.");
            done += read;
        }
    }

    /// <summary>Every byte after the header.</summary>
    public byte[] ReadAll() => unpacked ?? File.ReadAllBytes(path)[headerLength..];

    private static int HeaderLength(int dimensionCount) => 4 + 4 * dimensionCount;

    private static int[] ReadHeader(Stream data, string path, int dimensionCount)
    {
        var header = new byte[HeaderLength(dimensionCount)];
        var read = Fill(header, data, path);
        if (read < 4 || header[0] != 0 || header[1] != 0)
            throw new InvalidDataException(
                $"'{path}' is no IDX file: it begins with {Convert.ToHexString(header.AsSpan(0, Math.Min(read, 4)))}, expected 0000 "
                + $"08{dimensionCount:X2}.");
        if (header[2] != 0x08)
            throw new InvalidDataException($"'{path}' holds IDX values of type 0x{header[2]:X2}; only bytes (0x08) are images or class numbers.");
        if (header[3] != dimensionCount)
            throw new InvalidDataException(
                $"'{path}' has {header[3]} dimensions; expected {dimensionCount} "
                + $"({(dimensionCount == 3 ? "images × rows × columns" : "labels")}).");
        if (read < header.Length)
            throw new InvalidDataException($"'{path}' is cut short: {read} bytes are not even its header of {header.Length}.");

        var dimensions = new int[dimensionCount];
        for (var d = 0; d < dimensionCount; d++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * d));
            dimensions[d] = size <= int.MaxValue ? (int)size : throw new InvalidDataException(
                $"'{path}' announces {size:N0} in dimension {d}; that is no size of a real data set.");
        }
        if (dimensionCount == 3 && (dimensions[1] is < 1 or > 65_535 || dimensions[2] is < 1 or > 65_535))
            throw new InvalidDataException(
                $"'{path}' announces images of {dimensions[1]} × {dimensions[2]} pixels; each side must lie between 1 and 65535.");
        return dimensions;
    }

    private static long ContentLength(int[] dimensions, string path)
    {
        var length = dimensions.Aggregate((UInt128)1, (product, dimension) => product * (UInt128)dimension);
        return length <= (UInt128)Array.MaxLength ? (long)length
            : throw new NotSupportedException(
                $"'{path}' announces {Sizes(dimensions)} = {length} bytes; IDX files of up to {Array.MaxLength:N0} bytes are read. Split it, or "
                + "unpack it into an image folder.");
    }

    private static byte[] Unpack(Stream data, long length, int[] dimensions, string path)
    {
        var content = new byte[length];
        var read = Fill(content, data, path);
        if (read < content.Length)
            throw new InvalidDataException(
                $"'{path}' is cut short: its header announces {Sizes(dimensions)} = {length:N0} bytes, and it holds {read:N0}.");
        if (Fill(new byte[1], data, path) > 0)
            throw new InvalidDataException($"'{path}' has more bytes than the {Sizes(dimensions)} that its header announces.");
        return content;
    }

    // As many bytes as there are; a broken gzip stream is an error that names the file.
    private static int Fill(byte[] buffer, Stream data, string path)
    {
        try
        {
            return data.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"'{path}' is not a valid gzip file: {error.Message} Download or copy it again.", error);
        }
    }

    private static string Sizes(int[] dimensions) => string.Join(" × ", dimensions);
}
