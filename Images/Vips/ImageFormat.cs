using System.Globalization;
using System.Text;

namespace MLPipelines.Images;

/// <summary>A file format that images are decoded from.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Loader">The operation of libvips that decodes it from memory.</param>
/// <param name="Begins">Whether a file that begins with these bytes is of this format.</param>
/// <remarks>
/// Only formats of the web and of cameras, whose decoders are fuzzed upstream. The library knows more (SVG,
/// PDF, its own, whatever ImageMagick reads); those are never tried, as files come from strangers.
/// </remarks>
internal sealed record ImageFormat(string Name, string Loader, ImageFormat.Signature Begins)
{
    private static readonly ImageFormat[] Known =
    [
        new("JPEG", "jpegload_buffer", start => start is [0xFF, 0xD8, 0xFF, ..]),
        new("PNG", "pngload_buffer", start => start is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..]),
        new("WebP", "webpload_buffer", start => start.StartsWith("RIFF"u8) && At(start, 8, "WEBP"u8)),
        new("GIF", "gifload_buffer", start => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)),
        new("TIFF", "tiffload_buffer", start => start is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..]),
        new("AVIF", "heifload_buffer", start => At(start, 4, "ftyp"u8)),
    ];

    public delegate bool Signature(ReadOnlySpan<byte> start);

    /// <summary>For messages: <c>JPEG, PNG, …</c>.</summary>
    public static string KnownNames => string.Join(", ", Known.Select(format => format.Name));

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
}
