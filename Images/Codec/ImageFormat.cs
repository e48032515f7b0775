using System.Globalization;
using System.Text;

namespace MLPipelines.Images;

/// <summary>A file format that images come in.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Begins">Whether a file that begins with these bytes is of this format.</param>
/// <param name="Advice">Null where it is decoded; else what to do, as the format is known and not decoded.</param>
/// <remarks>Only formats of the web, of cameras and of scanners. What else a decoder may know is never tried, as files come from strangers.</remarks>
internal sealed record ImageFormat(string Name, ImageFormat.Signature Begins, string? Advice = null)
{
    private const string Convert = "convert it to JPEG or PNG, for example with heif-convert or ImageMagick, or set the camera to JPEG";

    private static readonly ImageFormat[] Known =
    [
        new("JPEG", start => start is [0xFF, 0xD8, ..]),
        new("PNG", start => start is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..]),
        new("WebP", start => start.StartsWith("RIFF"u8) && At(start, 8, "WEBP"u8)),
        new("GIF", start => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)),
        new("BMP", start => start.StartsWith("BM"u8) && start.Length > 26 && start[15..18] is [0, 0, 0]),
        new("ICO", start => start is [0, 0, 1, 0, not 0, 0, ..]),
        new("TIFF", start => start is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..]),
        new("AVIF", start => HasBrand(start, "avif avis"), Convert),
        new("HEIC", start => HasBrand(start, "heic heix hevc hevx heim heis mif1 msf1"), Convert),
    ];

    public delegate bool Signature(ReadOnlySpan<byte> start);

    /// <summary>For messages: <c>JPEG, PNG, …</c>.</summary>
    public static string KnownNames => string.Join(", ", Known.Where(format => format.Advice is null).Select(format => format.Name)) + ", PGM, PPM";

    /// <summary>The format of a file by its beginning, whatever its name; null when it is none of these.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> file)
    {
        foreach (var format in Known)
        {
            if (format.Begins(file))
                return format;
        }

        return null;
    }

    /// <summary>The first bytes, for messages: <c>68 65 6C 6C 6F ("hello")</c>.</summary>
    public static string Start(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(12, file.Length)];
        var text = string.Concat(Encoding.Latin1.GetString(start).Select(c => c is >= ' ' and <= '~' ? c : '.'));
        var hex = string.Join(" ", start.ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
        return $"{hex} (\"{text}\")";
    }

    private static bool At(ReadOnlySpan<byte> file, int index, ReadOnlySpan<byte> mark) =>
        file.Length >= index + mark.Length && file[index..].StartsWith(mark);

    /// <summary>ISO 14496-12: the box <c>ftyp</c>, with a brand of four letters at byte 8.</summary>
    private static bool HasBrand(ReadOnlySpan<byte> file, string brands) =>
        At(file, 4, "ftyp"u8) && file.Length >= 12 && brands.Contains(Encoding.Latin1.GetString(file[8..12]), StringComparison.Ordinal);
}
