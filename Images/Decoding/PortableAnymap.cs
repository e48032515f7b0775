namespace MLPipelines.Images;

/// <summary>Reads binary PGM (P5, grey) and PPM (P6, RGB) with 8 bits a channel, the form in which IDX items come; no library needed.</summary>
/// <remarks>
/// Netpbm's format: magic number, width, height and largest value in ASCII, separated by white space and <c># comments</c>, one white-space
/// byte, then the bytes. Values are stretched to 0..255 if the largest is another, rounded to the nearest.
/// </remarks>
internal static class PortableAnymap
{
    /// <summary>True if the bytes begin as a binary PGM or PPM does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> encoded) =>
        encoded.Length > 2 && encoded[0] == 'P' && encoded[1] is (byte)'5' or (byte)'6' && IsSpace(encoded[2]);

    /// <summary>Reads the header and shows the pixels in place.</summary>
    /// <param name="encoded">The file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">The header is damaged, there are more than 8 bits, or pixels are missing.</exception>
    public static PixelView Read(ReadOnlySpan<byte> encoded, string name)
    {
        var channels = encoded[1] == '5' ? 1 : 3;
        var at = 2;
        var width = Number(encoded, ref at, "width", name);
        var height = Number(encoded, ref at, "height", name);
        var largest = Number(encoded, ref at, "largest value", name);
        if (largest > 255)
            throw new InvalidDataException($"{name} is a PGM/PPM with values up to {largest}; only 8 bits a channel (at most 255) are read.");
        if (at >= encoded.Length || !IsSpace(encoded[at]))
            throw new InvalidDataException($"{name}: byte {at} of a PGM/PPM must be the white space that ends the header.");

        var pixels = encoded[(at + 1)..];
        var needed = (long)width * height * channels;
        if (pixels.Length < needed)
            throw new InvalidDataException(
                $"{name} is a PGM/PPM of {width}×{height} with {channels} channel(s), which takes {needed} bytes; "
                + $"{pixels.Length} follow the header.");
        pixels = pixels[..(int)needed];
        return new(largest == 255 ? pixels : Stretched(pixels, largest), width, height, channels);
    }

    private static byte[] Stretched(ReadOnlySpan<byte> pixels, int largest)
    {
        var stretched = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            stretched[i] = (byte)(((Math.Min(pixels[i], largest) * 255) + (largest / 2)) / largest);
        return stretched;
    }

    private static int Number(ReadOnlySpan<byte> encoded, ref int at, string what, string name)
    {
        while (at < encoded.Length && (IsSpace(encoded[at]) || encoded[at] == '#'))
        {
            if (encoded[at] == '#')
                while (at < encoded.Length && encoded[at] != '\n')
                    at++;
            else
                at++;
        }

        var start = at;
        long number = 0;
        while (at < encoded.Length && char.IsAsciiDigit((char)encoded[at]) && number <= int.MaxValue)
            number = (number * 10) + encoded[at++] - '0';
        return at > start && number is > 0 and <= int.MaxValue
            ? (int)number
            : throw new InvalidDataException($"{name}: a PGM/PPM must have its {what}, a positive number, at byte {start}.");
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (>= 9 and <= 13);
}
