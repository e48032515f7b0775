namespace MLPipelines.Images;

/// <summary>Decoded pixels, interleaved, rows without padding.</summary>
/// <param name="bytes">width × height × channels bytes.</param>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
/// <param name="channels">1 grey, 3 RGB, 4 RGB and opacity.</param>
internal readonly ref struct PixelView(ReadOnlySpan<byte> bytes, int width, int height, int channels)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Width => width;

    public int Height => height;

    public int Channels => channels;
}
