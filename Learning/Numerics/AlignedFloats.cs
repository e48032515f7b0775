namespace MLPipelines.Learning;

/// <summary>Zeroed floats that stay where they are, the first on a cache line; freed by the garbage collector as any array.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int LineBytes = 64;

    // The array lives as long as this object, and the pointer is into it.
    private readonly float[] array;

    /// <summary>Reserves <paramref name="length"/> floats and a cache line beyond, which whole vectors may read.</summary>
    public AlignedFloats(long length)
    {
        if (length + 2 * LineBytes > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"A batch would need a buffer of {length:N0} numbers, more than an array holds; take a smaller batch, smaller images or fewer filters.");
        }

        array = GC.AllocateArray<float>((int)length + 2 * LineBytes / sizeof(float), pinned: true);
        var address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array));
        Pointer = (float*)((address + LineBytes - 1) / LineBytes * LineBytes);
        Length = (int)length;
    }

    /// <summary>The first.</summary>
    public float* Pointer { get; }

    /// <summary>How many.</summary>
    public int Length { get; }

    /// <summary>All of them.</summary>
    public Span<float> Span => new(Pointer, Length);
}
