using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLPipelines.Learning;

/// <summary>Zeroed floats that stay where they are, the first on a cache line; freed by the garbage collector as any array.</summary>
/// <remarks>Large ones ask Linux for pages of 2 MiB: a map of a batch is thousands of small pages, and looking them up costs a few per cent of a training.</remarks>
internal sealed unsafe partial class AlignedFloats
{
    private const int LineBytes = 64;
    private const int LargePageBytes = 2 << 20;
    private const int FewestLargePages = 2; // the first begins up to a page into the array
    private const int AsLargePages = 14; // MADV_HUGEPAGE

    // The array lives as long as this object, and the pointer is into it.
    private readonly float[] array;

    /// <summary>Reserves <paramref name="length"/> floats and a cache line beyond, which whole vectors may read.</summary>
    public AlignedFloats(long length)
    {
        var bytes = length * sizeof(float) + LineBytes;
        var isLarge = OperatingSystem.IsLinux() && bytes >= FewestLargePages * LargePageBytes;
        var alignment = isLarge ? LargePageBytes : LineBytes;
        var reserved = (bytes + alignment) / sizeof(float);
        if (reserved > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"A batch would need a buffer of {length:N0} numbers, more than an array holds; take a smaller batch, smaller images or fewer filters.");
        }

        array = GC.AllocateUninitializedArray<float>((int)reserved, pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        Pointer = (float*)((address + alignment - 1) / alignment * alignment);
        Length = (int)length;
        if (isLarge) _ = Advise(Pointer, (nuint)(bytes / LargePageBytes * LargePageBytes), AsLargePages); // a wish: refused, the pages are small
        NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    /// <summary>The first.</summary>
    public float* Pointer { get; }

    /// <summary>How many.</summary>
    public int Length { get; }

    /// <summary>All of them.</summary>
    public Span<float> Span => new(Pointer, Length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
