using System.Buffers.Binary;
using System.Security.Cryptography;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>A file of decoded images, or of other rows of bytes (<see cref="RowMaker"/>): what it says of itself.</summary>
/// <remarks>
/// Little-endian. A header page: magic, version, shape, number of images, offset and length of the tables, key, SHA-256 of the tables, SHA-256 of
/// all this. Then the images, 8 bits a value, channels last. Then the tables: the SHA-256 of each MiB of the images, and the items that could not
/// be decoded, with the reason, or that something should be known of. The header is written last, the file flushed to the disk and only then given its name: what has the name is whole.
/// Every hash is checked when a file is opened.
/// </remarks>
internal sealed record DecodedFileHeader(ImageShape Shape, int Images, long TablesOffset, int TablesLength)
{
    /// <summary>Raised with every change of this layout or of what is decoded how; another version's files are decoded anew.</summary>
    public const int Version = 2;

    public const int Length = 4096, BlockLength = 1 << 20;
    private const int KeyAt = 48, TablesHashAt = KeyAt + SHA256.HashSizeInBytes, OwnHashAt = TablesHashAt + SHA256.HashSizeInBytes;
    private static ReadOnlySpan<byte> Magic => "MLPIMAGE"u8;

    public long PixelsLength => (long)Images * Shape.Size;

    public int Blocks => checked((int)((PixelsLength + BlockLength - 1) / BlockLength));

    public byte[] ToBytes(string key, ReadOnlySpan<byte> tables)
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        int[] numbers = [Version, Shape.Height, Shape.Width, Shape.Channels, Images, TablesLength];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + 4 * i), numbers[i]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), TablesOffset);
        Convert.FromHexString(key).CopyTo(bytes, KeyAt);
        SHA256.HashData(tables, bytes.AsSpan(TablesHashAt));
        SHA256.HashData(bytes.AsSpan(0, OwnHashAt), bytes.AsSpan(OwnHashAt));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no header, or that of another file.</exception>
    public static (DecodedFileHeader Header, byte[] TablesHash) Parse(ReadOnlySpan<byte> bytes, string key, ImageShape shape)
    {
        int Number(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadInt32LittleEndian(from[at..]);
        Require(bytes.Length == Length && bytes.StartsWith(Magic), "it does not begin as a file of decoded images");
        Require(Number(bytes, 8) == Version, $"it has version {Number(bytes, 8)}, and this program reads version {Version}");
        Require(SHA256.HashData(bytes[..OwnHashAt]).AsSpan().SequenceEqual(bytes.Slice(OwnHashAt, SHA256.HashSizeInBytes)), "its header is damaged");
        var header = new DecodedFileHeader(
            new ImageShape(Number(bytes, 12), Number(bytes, 16), Number(bytes, 20)),
            Number(bytes, 24),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            Number(bytes, 28));
        Require(Convert.FromHexString(key).AsSpan().SequenceEqual(bytes.Slice(KeyAt, SHA256.HashSizeInBytes)) && header.Shape == shape,
            "it holds the images of another data set");
        return (header, bytes.Slice(TablesHashAt, SHA256.HashSizeInBytes).ToArray());
    }

    internal static void Require(bool condition, string problem)
    {
        if (!condition) throw new InvalidDataException(problem);
    }
}
