namespace MLPipelines.Images;

/// <summary>Decoded pixels, interleaved, rows without padding.</summary>
internal readonly ref struct PixelView
{
    /// <param name="bytes">width × height × step bytes.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGB and opacity.</param>
    /// <param name="step">Bytes from one pixel to the next: as many as channels, or 4 for RGB with a byte that means nothing.</param>
    public PixelView(ReadOnlySpan<byte> bytes, int width, int height, int channels, int step)
    {
        Bytes = bytes;
        (Width, Height, Channels, Step) = (width, height, channels, step);
    }

    /// <summary>Pixels without bytes that mean nothing.</summary>
    public PixelView(ReadOnlySpan<byte> bytes, int width, int height, int channels)
        : this(bytes, width, height, channels, channels)
    {
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    public int Step { get; }
}
