using System.Buffers.Binary;

namespace MLPipelines.Images;

/// <summary>Reads the orientation out of EXIF data, which are laid out as a TIFF file.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112, EntryLength = 12;

    /// <summary>1 to 8; 1 where there is none, or the data are damaged.</summary>
    public static int Of(ReadOnlySpan<byte> exif)
    {
        var isLittle = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || (!isLittle && !exif.StartsWith("MM\0*"u8)))
            return Orientation.Upright;

        uint Long(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
        int Short(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

        var directory = Long(exif[4..]);
        if (directory > exif.Length - 2)
            return Orientation.Upright;
        var entries = exif[((int)directory + 2)..];
        for (var left = Short(exif[(int)directory..]); left > 0 && entries.Length >= EntryLength; left--, entries = entries[EntryLength..])
        {
            if (Short(entries) == Tag)
                return Short(entries[8..]) is var value and >= Orientation.Upright and <= Orientation.Last ? value : Orientation.Upright;
        }

        return Orientation.Upright;
    }
}
