using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace MLPipelines.Native;

/// <summary>An <see cref="OnnxTensor"/> as ONNX Runtime sees it, for the length of one run.</summary>
/// <remarks>Numbers are not copied: the managed memory is pinned, and stays so until <see cref="Dispose"/>, which comes
/// after the run. Strings are copied.</remarks>
internal sealed unsafe class OrtTensor : IDisposable
{
    private const int ArenaAllocator = 1, DefaultMemory = 0;

    private static readonly Lazy<OrtHandle> CpuMemory = new(() =>
    {
        nint memory;
        OrtApi.Check(OrtApi.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &memory));
        return OrtHandle.Own(OrtApi.ReleaseMemoryInfo, memory);
    });

    private readonly OrtHandle value;
    private MemoryHandle pin;

    public OrtTensor(OnnxTensor tensor)
    {
        if (tensor.ElementType == TensorElementType.String)
        {
            value = OfStrings(tensor);
            return;
        }

        pin = tensor.Pin(out var bytes);
        try
        {
            nint made;
            using var memory = CpuMemory.Value.InUse();
            fixed (long* dimensions = tensor.Shape)
            {
                OrtApi.Check(
                    OrtApi.CreateTensorWithDataAsOrtValue(
                        memory.Pointer, pin.Pointer, bytes, dimensions, tensor.Shape.Length, (int)tensor.ElementType, &made),
                    () => $"The tensor {tensor} could not be handed over.");
            }

            value = OrtHandle.Own(OrtApi.ReleaseValue, made);
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }

    public nint Pointer => value.DangerousGetHandle();

    public void Dispose()
    {
        value.Dispose();
        pin.Dispose();
    }

    private static OrtHandle OfStrings(OnnxTensor tensor)
    {
        nint allocator, made;
        OrtApi.Check(OrtApi.GetAllocatorWithDefaultOptions(&allocator));
        fixed (long* dimensions = tensor.Shape)
        {
            OrtApi.Check(OrtApi.CreateTensorAsOrtValue(allocator, dimensions, tensor.Shape.Length, (int)TensorElementType.String, &made));
        }

        var owner = OrtHandle.Own(OrtApi.ReleaseValue, made);
        try
        {
            using var texts = new Utf8Names(tensor.Values<string>());
            OrtApi.Check(OrtApi.FillStringTensor(made, texts.Pointers, texts.Count));
            return owner;
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor that a run has made.</summary>
    /// <exception cref="NotSupportedException">It is a sequence or a map, or of an element type that .NET lacks.</exception>
    public static OnnxTensor Read(OrtHandle made, string name)
    {
        using var value = made.InUse();
        int isTensor;
        OrtApi.Check(OrtApi.IsTensor(value.Pointer, &isTensor));
        if (isTensor == 0)
            throw new NotSupportedException($"The output '{name}' is a sequence or a map; only tensors can be read. Ask for another output.");

        var (type, dimensions) = Shape(value.Pointer);
        return type switch
        {
            TensorElementType.Float => Numbers<float>(value.Pointer, dimensions),
            TensorElementType.UInt8 => Numbers<byte>(value.Pointer, dimensions),
            TensorElementType.Int8 => Numbers<sbyte>(value.Pointer, dimensions),
            TensorElementType.UInt16 => Numbers<ushort>(value.Pointer, dimensions),
            TensorElementType.Int16 => Numbers<short>(value.Pointer, dimensions),
            TensorElementType.Int32 => Numbers<int>(value.Pointer, dimensions),
            TensorElementType.Int64 => Numbers<long>(value.Pointer, dimensions),
            TensorElementType.String => OnnxTensor.Of(Strings(value.Pointer, Count(dimensions)), dimensions),
            TensorElementType.Bool => Numbers<bool>(value.Pointer, dimensions),
            TensorElementType.Float16 => Numbers<Half>(value.Pointer, dimensions),
            TensorElementType.Double => Numbers<double>(value.Pointer, dimensions),
            TensorElementType.UInt32 => Numbers<uint>(value.Pointer, dimensions),
            TensorElementType.UInt64 => Numbers<ulong>(value.Pointer, dimensions),
            _ => throw new NotSupportedException($"The output '{name}' has ONNX element type {(int)type}, for which .NET has no type."),
        };
    }

    private static (TensorElementType Type, long[] Dimensions) Shape(nint value)
    {
        nint made;
        OrtApi.Check(OrtApi.GetTensorTypeAndShape(value, &made));
        using var owner = OrtHandle.Own(OrtApi.ReleaseTensorTypeAndShapeInfo, made);
        using var info = owner.InUse();
        return ReadShape(info.Pointer);
    }

    /// <summary>Reads an OrtTensorTypeAndShapeInfo, which stays its owner's.</summary>
    public static (TensorElementType Type, long[] Dimensions) ReadShape(nint info)
    {
        int type;
        nint rank;
        OrtApi.Check(OrtApi.GetTensorElementType(info, &type));
        OrtApi.Check(OrtApi.GetDimensionsCount(info, &rank));
        var dimensions = new long[rank];
        fixed (long* sizes = dimensions)
        {
            OrtApi.Check(OrtApi.GetDimensions(info, sizes, rank));
        }

        return ((TensorElementType)type, dimensions);
    }

    private static OnnxTensor Numbers<T>(nint value, long[] dimensions)
        where T : unmanaged
    {
        void* data;
        OrtApi.Check(OrtApi.GetTensorMutableData(value, &data));
        return OnnxTensor.Of(new ReadOnlySpan<T>(data, Count(dimensions)).ToArray(), dimensions);
    }

    /// <summary>The library gives all texts in one run of bytes, without separators, and where each starts.</summary>
    private static string[] Strings(nint value, int count)
    {
        nint length;
        OrtApi.Check(OrtApi.GetStringTensorDataLength(value, &length));
        var bytes = new byte[length];
        var starts = new nint[count];
        fixed (byte* firstByte = bytes)
        fixed (nint* firstStart = starts)
        {
            byte nothing = 0;
            OrtApi.Check(OrtApi.GetStringTensorContent(value, length == 0 ? &nothing : firstByte, length, firstStart, count));
        }

        var texts = new string[count];
        for (var i = 0; i < count; i++)
            texts[i] = Encoding.UTF8.GetString(bytes.AsSpan((int)starts[i]..(int)(i + 1 < count ? starts[i + 1] : length)));
        return texts;
    }

    private static int Count(long[] dimensions) => checked((int)dimensions.Aggregate(1L, (product, size) => checked(product * size)));
}

/// <summary>Texts as an array of pointers to UTF-8 with a final zero, as C wants them.</summary>
internal sealed unsafe class Utf8Names : IDisposable
{
    public Utf8Names(params ReadOnlySpan<string> texts)
    {
        Count = texts.Length;
        Pointers = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, texts.Length), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
            Pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
    }

    public int Count { get; }

    public byte** Pointers { get; }

    public void Dispose()
    {
        for (var i = 0; i < Count; i++)
            Marshal.FreeCoTaskMem((nint)Pointers[i]);
        NativeMemory.Free(Pointers);
    }
}
