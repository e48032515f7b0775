using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MLPipelines.Native;

/// <summary>A file format that images are decoded from.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="LoaderClass">The class of libvips that recognises it.</param>
/// <param name="Loader">The operation that decodes it from memory.</param>
/// <remarks>
/// Only formats of the web and of cameras, whose decoders are fuzzed upstream. The library knows more (PDF, its own, whatever ImageMagick reads);
/// those are refused, as files come from strangers.
/// </remarks>
internal sealed record ImageFormat(string Name, string LoaderClass, string Loader)
{
    private static readonly ImageFormat[] Known =
    [
        new("JPEG", "VipsForeignLoadJpegBuffer", "jpegload_buffer"),
        new("PNG", "VipsForeignLoadPngBuffer", "pngload_buffer"),
        new("WebP", "VipsForeignLoadWebpBuffer", "webpload_buffer"),
        new("GIF", "VipsForeignLoadNsgifBuffer", "gifload_buffer"),
        new("TIFF", "VipsForeignLoadTiffBuffer", "tiffload_buffer"),
        new("HEIF", "VipsForeignLoadHeifBuffer", "heifload_buffer"),
        new("SVG", "VipsForeignLoadSvgBuffer", "svgload_buffer"),
    ];

    /// <summary>For messages: <c>JPEG, PNG, …</c>.</summary>
    public static string KnownNames => string.Join(", ", Known.Select(format => format.Name));

    /// <summary>The format of these bytes by their beginning; null when none is known.</summary>
    public static unsafe ImageFormat? Of(byte* data, int length)
    {
        var loaderClass = Marshal.PtrToStringUTF8((nint)VipsApi.vips_foreign_find_load_buffer(data, length));
        return Known.FirstOrDefault(format => format.LoaderClass == loaderClass);
    }

    /// <summary>The first bytes, for messages: <c>68 65 6C 6C 6F ("hello")</c>.</summary>
    public static string Start(ReadOnlySpan<byte> data)
    {
        var start = data[..Math.Min(12, data.Length)];
        var text = string.Concat(Encoding.Latin1.GetString(start).Select(c => c is >= ' ' and <= '~' ? c : '.'));
        var hex = string.Join(" ", start.ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
        return $"{hex} (\"{text}\")";
    }
}
