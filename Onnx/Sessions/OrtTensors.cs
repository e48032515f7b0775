using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>Between <see cref="OnnxTensor"/>, in managed memory, and ONNX Runtime's own values.</summary>
internal static class OrtTensors
{
    /// <summary>A value over the tensor's memory, which stays pinned until the value is disposed of; strings and half floats are copied.</summary>
    public static OrtValue Over(OnnxTensor tensor) => tensor.ElementType switch
    {
        TensorElementType.Float => Over<float>(tensor),
        TensorElementType.UInt8 => Over<byte>(tensor),
        TensorElementType.Int8 => Over<sbyte>(tensor),
        TensorElementType.UInt16 => Over<ushort>(tensor),
        TensorElementType.Int16 => Over<short>(tensor),
        TensorElementType.Int32 => Over<int>(tensor),
        TensorElementType.Int64 => Over<long>(tensor),
        TensorElementType.Bool => Over<bool>(tensor),
        TensorElementType.Float16 => OrtValue.CreateTensorValueFromMemory(
            MemoryMarshal.Cast<Half, Float16>(tensor.Values<Half>()).ToArray(), [.. tensor.Dimensions]),
        TensorElementType.Double => Over<double>(tensor),
        TensorElementType.UInt32 => Over<uint>(tensor),
        TensorElementType.UInt64 => Over<ulong>(tensor),
        TensorElementType.String => OfStrings(tensor),
        var other => throw new InvalidOperationException($"Bug in MLPipelines: a tensor of type {other} cannot be handed over."),
    };

    /// <summary>A value over numbers, which stay pinned until it is disposed of.</summary>
    /// <param name="values">Read by the library, never written to: nothing but inputs is made this way.</param>
    /// <param name="dimensions">Their product is the number of values.</param>
    public static OrtValue Over<T>(ReadOnlyMemory<T> values, long[] dimensions)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(values), dimensions);

    /// <summary>Copies a tensor that a run has made.</summary>
    /// <exception cref="NotSupportedException">It is a sequence or a map, or of an element type that .NET lacks.</exception>
    public static OnnxTensor Copy(OrtValue value, string name)
    {
        if (!value.IsTensor)
            throw new NotSupportedException($"The output '{name}' is a sequence or a map; only tensors can be read. Ask for another output.");

        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Float => Copy<float>(value, info.Shape),
            TensorElementType.UInt8 => Copy<byte>(value, info.Shape),
            TensorElementType.Int8 => Copy<sbyte>(value, info.Shape),
            TensorElementType.UInt16 => Copy<ushort>(value, info.Shape),
            TensorElementType.Int16 => Copy<short>(value, info.Shape),
            TensorElementType.Int32 => Copy<int>(value, info.Shape),
            TensorElementType.Int64 => Copy<long>(value, info.Shape),
            TensorElementType.Bool => Copy<bool>(value, info.Shape),
            TensorElementType.Float16 =>
                OnnxTensor.Of(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).ToArray(), info.Shape),
            TensorElementType.Double => Copy<double>(value, info.Shape),
            TensorElementType.UInt32 => Copy<uint>(value, info.Shape),
            TensorElementType.UInt64 => Copy<ulong>(value, info.Shape),
            TensorElementType.String => OnnxTensor.Of(value.GetStringTensorAsArray(), info.Shape),
            var other => throw new NotSupportedException($"The output '{name}' has ONNX element type {other}, for which .NET has no type."),
        };
    }

    /// <summary>As <c>Float[1,3,224,224]</c>.</summary>
    public static string Describe(OrtValue value)
    {
        if (!value.IsTensor)
            return value.OnnxType.ToString();
        var info = value.GetTensorTypeAndShape();
        return TensorInfo.Shape(info.ElementDataType, info.Shape);
    }

    private static OrtValue Over<T>(OnnxTensor tensor)
        where T : unmanaged => Over(tensor.Memory<T>(), [.. tensor.Dimensions]);

    private static OnnxTensor Copy<T>(OrtValue value, long[] dimensions)
        where T : unmanaged => OnnxTensor.Of(value.GetTensorDataAsSpan<T>().ToArray(), dimensions);

    private static OrtValue OfStrings(OnnxTensor tensor)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [.. tensor.Dimensions]);
        var texts = tensor.Values<string>();
        for (var i = 0; i < texts.Length; i++)
            value.StringTensorSetElementAt(texts[i].AsSpan(), i);
        return value;
    }
}
