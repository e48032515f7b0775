using System.Buffers.Binary;

namespace MLPipelines.Images;

/// <summary>Walks through the chunks of a PNG before its pixels.</summary>
internal static class PngChunks
{
    private const int Signature = 8, BitDepth = 24, Interlaced = 28;

    /// <summary>What can be told of a file that starts with PNG's signature.</summary>
    public static FileFacts FactsOf(ReadOnlySpan<byte> file)
    {
        var (hasProfile, orientation) = (false, Orientation.Upright);
        for (var at = Signature; file.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var kind = file.Slice(at + 4, 4);
            if (length > file.Length - at - 12 || kind.SequenceEqual("IDAT"u8))
                break;
            if (kind.SequenceEqual("iCCP"u8))
                hasProfile = true;
            else if (kind.SequenceEqual("eXIf"u8))
                orientation = ExifOrientation.Of(file.Slice(at + 8, (int)length));
            at += 12 + (int)length;
        }

        return new FileFacts
        {
            HasProfile = hasProfile,
            Orientation = orientation,
            Is16Bit = file.Length > BitDepth && file[BitDepth] == 16,
            IsProgressive = file.Length > Interlaced && file[Interlaced] != 0,
        };
    }
}
