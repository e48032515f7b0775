using System.Globalization;

namespace MLPipelines.Images;

/// <summary>Walks through the markers of a JPEG without decoding it, to find what decoders pass over or never look at.</summary>
/// <remarks>
/// ITU T.81, annex B. A decoder stops reading when it has the last pixel. What libjpeg's <c>jpeg_finish_decompress</c> would still refuse behind it,
/// and Pillow therefore refuses, is found here; but where a file has several scans, the decoder reads all of it, and its own word counts.
/// Bytes between segments are looked at, and of coded data the markers within. Whether the data suffice is the decoder's to say.
/// </remarks>
internal static class JpegStructure
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, QuantizationTables = 0xDB, RestartInterval = 0xDD,
        HuffmanTables = 0xC4, ArithmeticConditioning = 0xCC, NumberOfLines = 0xDC, Comment = 0xFE, Profile = 0xE2;

    /// <summary>The end-of-image marker.</summary>
    public static ReadOnlySpan<byte> End => [0xFF, EndOfImage];

    /// <summary>What can be told of a file that starts with the start-of-image marker.</summary>
    public static FileFacts FactsOf(ReadOnlySpan<byte> file)
    {
        var (at, components, restartInterval, hasProfile, hasManyScans) = (2, 0, 0, false, false);
        string? flaw = null;
        var lacksEnd = false;

        FileFacts Facts(string? broken) =>
            new()
            {
                HasProfile = hasProfile, IsProgressive = hasManyScans, LacksEnd = lacksEnd,
                Broken = hasManyScans ? null : broken, Flaw = flaw ?? broken,
            };

        while (true)
        {
            var stray = Stray(file, ref at, out var marker);
            if (lacksEnd = marker == 0 || (HasSegment(marker) && at + 2 > file.Length))
            {
                flaw ??= "its end-of-image marker is missing";
                return Facts(broken: null);
            }

            if (stray > 0)
                flaw ??= string.Create(CultureInfo.InvariantCulture, $"{stray:N0} stray {(stray == 1 ? "byte" : "bytes")} before a marker");
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            if (marker == EndOfImage)
            {
                flaw ??= Behind(file[at..]);
                return Facts(broken: null);
            }

            if (marker == StartOfImage)
                return Facts("it has two start-of-image markers");
            if (!HasSegment(marker))
                return Facts($"it has a marker 0x{marker:X2}, which images of this kind do not have");
            var length = (file[at] << 8) | file[at + 1];
            if (length < 2)
                return Facts($"the segment of its marker 0x{marker:X2} has a length of {length}");

            // Of a segment that goes beyond the end, what is there is looked at; the end is then missing.
            var segment = file[(at + 2)..Math.Min(at + length, file.Length)];
            at = Math.Min(at + length, file.Length);
            switch (marker)
            {
                case Profile when segment.StartsWith("ICC_PROFILE\0"u8):
                    hasProfile = true;
                    break;
                case RestartInterval when length != 4:
                    return Facts("its restart interval is broken");
                case RestartInterval when segment.Length == 2:
                    restartInterval = (segment[0] << 8) | segment[1];
                    break;
                case QuantizationTables when !AreQuantizationTables(segment):
                    return Facts("its quantization tables are broken");
                case HuffmanTables when !AreHuffmanTables(segment):
                    return Facts("its Huffman tables are broken");
                case StartOfScan:
                    hasManyScans |= segment.Length > 0 && segment[0] < components;
                    flaw ??= SkipScan(file, ref at, restartInterval);
                    break;
                case >= 0xC0 and <= 0xCF and not HuffmanTables and not ArithmeticConditioning:
                    if (components > 0)
                        return Facts("it has two frame headers");
                    components = segment.Length > 5 ? segment[5] : 1;
                    hasManyScans = marker is 0xC2 or 0xCA;
                    break;
            }
        }
    }

    /// <summary>Goes behind the next marker.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="at">Where to look from; then the byte behind the marker.</param>
    /// <param name="marker">Its code; 0 where there is none any more.</param>
    /// <returns>How many bytes before it belong to nothing. Any number of 0xFF may stand before a code.</returns>
    private static int Stray(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        var (start, fill) = (at, 0);
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            var code = next < 0 ? -1 : file[(at + next)..].IndexOfAnyExcept((byte)0xFF);
            if (code < 0)
            {
                (marker, at) = (0, file.Length);
                return 0;
            }

            (fill, at) = (code, at + next + code + 1);
            if (file[at - 1] != 0)
            {
                marker = file[at - 1];
                return at - start - fill - 1;
            }
        }
    }

    /// <summary>Goes to the marker that ends a scan's coded data.</summary>
    /// <returns>What is wrong with its restart markers; null: nothing.</returns>
    private static string? SkipScan(ReadOnlySpan<byte> file, ref int at, int restartInterval)
    {
        string? flaw = null;
        var restarts = 0;
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
            {
                at = file.Length;
                return flaw;
            }

            var code = file[at + next + 1];
            switch (code)
            {
                case 0:
                    at += next + 2;
                    break;
                case 0xFF:
                    at += next + 1;
                    break;
                case >= 0xD0 and <= 0xD7:
                    if (restartInterval == 0)
                        flaw ??= "a restart marker where none belongs";
                    else if (code - 0xD0 != restarts++ % 8)
                        flaw ??= "restart markers out of order";
                    at += next + 2;
                    break;
                case < 0xC0 when restartInterval > 0:
                    // Where there are restart markers, decoders pass over a code that means nothing and go on at the next of them.
                    flaw ??= $"a code 0x{code:X2} within the coded data";
                    at += next + 2;
                    break;
                default:
                    at += next;
                    return flaw;
            }
        }
    }

    /// <summary>Cameras append second pictures and films, which is no damage; zeros are what is left of a file that was copied badly.</summary>
    private static string? Behind(ReadOnlySpan<byte> rest) =>
        rest.IsEmpty || rest.ContainsAnyExcept((byte)0) ? null
            : string.Create(CultureInfo.InvariantCulture, $"{rest.Length:N0} zero {(rest.Length == 1 ? "byte" : "bytes")} behind its end");

    private static bool HasSegment(byte marker) =>
        marker is QuantizationTables or HuffmanTables or ArithmeticConditioning or RestartInterval or NumberOfLines or StartOfScan or Comment
            or (>= 0xE0 and <= 0xEF) or 0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA;

    private static bool AreQuantizationTables(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var length = 1 + (segment[0] >> 4 == 0 ? 64 : 128);
            if ((segment[0] & 15) > 3 || segment.Length < length)
                return false;
            segment = segment[length..];
        }

        return true;
    }

    private static bool AreHuffmanTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 16)
        {
            var codes = 0;
            foreach (var count in segment.Slice(1, 16))
                codes += count;
            if (segment[0] is not (<= 3 or (>= 0x10 and <= 0x13)) || codes > 256 || segment.Length < 17 + codes)
                return false;
            segment = segment[(17 + codes)..];
        }

        return segment.IsEmpty;
    }
}
