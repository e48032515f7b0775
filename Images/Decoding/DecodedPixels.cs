using System.Buffers;
using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>How a decoder lays pixels down.</summary>
internal enum PixelLayout
{
    /// <summary>1 byte a pixel.</summary>
    Grey,

    /// <summary>4 bytes a pixel: red, green, blue and one without a meaning.</summary>
    Rgbx,

    /// <summary>4 bytes a pixel: red, green, blue and alpha, which is not multiplied in.</summary>
    Rgba,
}

/// <summary>What a decoder made of a file: 8-bit pixels, rows from top to bottom without padding, in memory that is given back.</summary>
/// <remarks>Large ones lie outside the managed heap, so that they are gone the moment they are disposed of.</remarks>
internal sealed unsafe class DecodedPixels : IDisposable
{
    private const int LargestPooled = 16 << 20;

    private readonly int length;
    private byte[]? pooled;
    private byte* native;

    /// <summary>Takes the memory; its content is undefined.</summary>
    public DecodedPixels(int width, int height, PixelLayout layout)
    {
        (Width, Height, Layout) = (width, height, layout);
        length = checked(width * height * BytesPerPixel);
        if (length <= LargestPooled)
            pooled = ArrayPool<byte>.Shared.Rent(length);
        else
            native = (byte*)NativeMemory.Alloc((nuint)length);
    }

    public int Width { get; }

    public int Height { get; }

    public PixelLayout Layout { get; }

    public int BytesPerPixel => Layout == PixelLayout.Grey ? 1 : 4;

    /// <summary>What should be known of the file; mostly null.</summary>
    public ImageNote? Note { get; set; }

    /// <summary>What was reserved for it; given back with it.</summary>
    public IDisposable? Room { get; set; }

    /// <summary>The pixels, valid until this is disposed of.</summary>
    public Span<byte> Bytes => pooled is null ? new Span<byte>(native, length) : pooled.AsSpan(0, length);

    /// <summary>The pixels to read, valid until this is disposed of.</summary>
    public PixelView View => new(Bytes, Width, Height, Layout == PixelLayout.Grey ? 1 : Layout == PixelLayout.Rgbx ? 3 : 4, BytesPerPixel);

    public void Dispose()
    {
        if (pooled is not null)
            ArrayPool<byte>.Shared.Return(pooled);
        NativeMemory.Free(native);
        pooled = null;
        native = null;
        Room?.Dispose();
    }
}
