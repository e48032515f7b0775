using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>Decoded images in a file, of which the operating system keeps in memory what fits.</summary>
internal sealed unsafe class PixelsInFile : IPixels
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* pixels;
    private readonly int size;

    /// <param name="file">The file; disposed of with this.</param>
    /// <param name="offset">Where the first image begins.</param>
    /// <param name="length">How many bytes the images take.</param>
    /// <param name="size">How many bytes one image takes.</param>
    public PixelsInFile(MemoryMappedFile file, long offset, long length, int size)
    {
        (this.file, this.size, Length) = (file, size, length);
        view = file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pixels);
        pixels += view.PointerOffset;
    }

    /// <summary>How many bytes the images take.</summary>
    public long Length { get; }

    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(int row, Span<float> values)
    {
        var isHeld = false;
        try
        {
            TensorPrimitives.ConvertTruncating<byte, float>(Held(row, ref isHeld), values);
        }
        finally
        {
            if (isHeld) view.SafeMemoryMappedViewHandle.DangerousRelease();
        }
    }

    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(int row, Span<byte> bytes)
    {
        var isHeld = false;
        try
        {
            Held(row, ref isHeld).CopyTo(bytes);
        }
        finally
        {
            if (isHeld) view.SafeMemoryMappedViewHandle.DangerousRelease();
        }
    }

    /// <summary>Some bytes of the images, valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length) => new(pixels + offset, length);

    // The row, and the file held open until it was read.
    private ReadOnlySpan<byte> Held(int row, ref bool isHeld)
    {
        view.SafeMemoryMappedViewHandle.DangerousAddRef(ref isHeld);
        return new ReadOnlySpan<byte>(pixels + (long)row * size, size);
    }

    public void Dispose()
    {
        if (view.SafeMemoryMappedViewHandle.IsClosed) return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
