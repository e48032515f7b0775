using System.Numerics.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>Decoded images in memory.</summary>
internal sealed class PixelsInMemory(byte[] pixels, int size) : IPixels
{
    public void CopyTo(int row, Span<float> values) => TensorPrimitives.ConvertTruncating<byte, float>(pixels.AsSpan(row * size, size), values);

    public void CopyTo(int row, Span<byte> bytes) => pixels.AsSpan(row * size, size).CopyTo(bytes);

    public void Dispose()
    {
        // Memory needs no giving back.
    }
}
