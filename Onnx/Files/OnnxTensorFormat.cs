using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MLPipelines.Onnx.Format;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>Tensors as ONNX files write them, to and from <see cref="OnnxTensor"/>.</summary>
internal static class OnnxTensorFormat
{
    /// <summary>Numbers as raw little-endian bytes, texts as UTF-8.</summary>
    public static TensorProto Write(OnnxTensor tensor, string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.ElementType, Dims = { tensor.Dimensions } };
        if (tensor.ElementType == TensorElementType.String)
        {
            foreach (var text in tensor.Values<string>())
                proto.StringData.Add(ByteString.CopyFromUtf8(text));
            return proto;
        }

        if (!BitConverter.IsLittleEndian)
            throw new NotSupportedException("ONNX files are little-endian, and this machine is big-endian.");
        proto.RawData = tensor.ElementType switch
        {
            TensorElementType.Float => Raw<float>(tensor),
            TensorElementType.UInt8 => Raw<byte>(tensor),
            TensorElementType.Int8 => Raw<sbyte>(tensor),
            TensorElementType.UInt16 => Raw<ushort>(tensor),
            TensorElementType.Int16 => Raw<short>(tensor),
            TensorElementType.Int32 => Raw<int>(tensor),
            TensorElementType.Int64 => Raw<long>(tensor),
            TensorElementType.Bool => Raw<bool>(tensor),
            TensorElementType.Float16 => Raw<Half>(tensor),
            TensorElementType.Double => Raw<double>(tensor),
            TensorElementType.UInt32 => Raw<uint>(tensor),
            TensorElementType.UInt64 => Raw<ulong>(tensor),
            _ => throw new InvalidOperationException($"Bug in MLPipelines: a tensor of type {tensor.ElementType} cannot be written."),
        };
        return proto;
    }

    /// <summary>Either layout of the format: raw bytes, or the list for the kind.</summary>
    /// <exception cref="InvalidDataException">The number of values does not fit the dimensions.</exception>
    /// <exception cref="NotSupportedException">An element type that .NET lacks, or values kept in another file.</exception>
    public static OnnxTensor Read(TensorProto proto, string source)
    {
        RefuseExternal(proto, source);
        try
        {
            return (TensorElementType)proto.DataType switch
            {
                TensorElementType.Float => Numbers(proto, proto.FloatData, value => value),
                TensorElementType.UInt8 => Numbers(proto, proto.Int32Data, value => checked((byte)value)),
                TensorElementType.Int8 => Numbers(proto, proto.Int32Data, value => checked((sbyte)value)),
                TensorElementType.UInt16 => Numbers(proto, proto.Int32Data, value => checked((ushort)value)),
                TensorElementType.Int16 => Numbers(proto, proto.Int32Data, value => checked((short)value)),
                TensorElementType.Int32 => Numbers(proto, proto.Int32Data, value => value),
                TensorElementType.Int64 => Numbers(proto, proto.Int64Data, value => value),
                TensorElementType.String => OnnxTensor.Of(proto.StringData.Select(text => text.ToStringUtf8()).ToArray(), [.. proto.Dims]),
                TensorElementType.Bool => Numbers(proto, proto.Int32Data, value => value != 0),
                TensorElementType.Float16 => Numbers(proto, proto.Int32Data, value => BitConverter.UInt16BitsToHalf(checked((ushort)value))),
                TensorElementType.Double => Numbers(proto, proto.DoubleData, value => value),
                TensorElementType.UInt32 => Numbers(proto, proto.Uint64Data, value => checked((uint)value)),
                TensorElementType.UInt64 => Numbers(proto, proto.Uint64Data, value => value),
                _ => throw new NotSupportedException(
                    $"The tensor '{proto.Name}' of {source} has ONNX element type {proto.DataType}, for which .NET has no type."),
            };
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The tensor '{proto.Name}' of {source} is damaged: {failure.Message}", failure);
        }
    }

    /// <summary>Values in a file beside the model would be lost when only the model's bytes travel.</summary>
    public static void RefuseExternal(TensorProto proto, string source)
    {
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            var file = proto.ExternalData.FirstOrDefault(entry => entry.Key == "location")?.Value ?? "unnamed";
            throw new NotSupportedException(
                $"{source} keeps the values of the tensor '{proto.Name}' in another file ({file}); only models in one file are supported. "
                + "Save it again with the weights inside: in Python, onnx.save(onnx.load(path), new_path).");
        }
    }

    private static ByteString Raw<T>(OnnxTensor tensor)
        where T : unmanaged => ByteString.CopyFrom(MemoryMarshal.AsBytes(tensor.Values<T>()));

    private static OnnxTensor Numbers<TStored, T>(TensorProto proto, RepeatedField<TStored> list, Func<TStored, T> convert)
        where T : unmanaged
    {
        if (!proto.HasRawData)
            return OnnxTensor.Of(list.Select(convert).ToArray(), [.. proto.Dims]);

        var raw = proto.RawData.Span;
        var size = Unsafe.SizeOf<T>();
        return raw.Length % size == 0
            ? OnnxTensor.Of(MemoryMarshal.Cast<byte, T>(raw).ToArray(), [.. proto.Dims])
            : throw new ArgumentException($"{raw.Length} bytes are no whole number of values of {size} bytes.", nameof(proto));
    }
}
