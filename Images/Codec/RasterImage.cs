namespace MLPipelines.Images;

/// <summary>Decoded pixels: 8-bit sRGB, or grey of the same tone curve, interleaved, rows from top to bottom without padding.</summary>
/// <param name="Width">Columns, 1 or more.</param>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Channels">1 grey, 3 red-green-blue, 4 red-green-blue-alpha with alpha not multiplied in.</param>
/// <param name="Pixels">Channel c of the pixel in column x of row y is at <c>(y × Width + x) × Channels + c</c>. Not copied.</param>
public sealed record RasterImage(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>Columns, 1 or more.</summary>
    public int Width { get; } = Positive(Width, nameof(Width));

    /// <summary>Rows, 1 or more.</summary>
    public int Height { get; } = Positive(Height, nameof(Height));

    /// <summary>1 grey, 3 red-green-blue, 4 red-green-blue-alpha.</summary>
    public int Channels { get; } = Channels is 1 or 3 or 4
        ? Channels
        : throw new ArgumentException($"An image has 1 (grey), 3 (RGB) or 4 (RGBA) channels, not {Channels}.", nameof(Channels));

    /// <summary>The values, 0 to 255, interleaved. Not copied.</summary>
    public byte[] Pixels { get; } = Pixels.Length == (long)Width * Height * Channels
        ? Pixels
        : throw new ArgumentException(
            $"{Pixels.Length} bytes are no {Width} × {Height} image of {Channels} channels; it needs "
            + $"{(long)Width * Height * Channels}.", nameof(Pixels));

    /// <summary>What should be known of the file it was decoded from; mostly null.</summary>
    public ImageNote? Note { get; init; }

    private static int Positive(int size, string name) =>
        size > 0 ? size : throw new ArgumentException($"An image's {name} is 1 or more, not {size}.", name);
}
