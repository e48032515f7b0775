using Microsoft.ML.Data;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Which item type of a column a tensor element type is.</summary>
internal static class OnnxElementTypes
{
    /// <exception cref="NotSupportedException">There is none; <paramref name="port"/> says whose type it is.</exception>
    public static PrimitiveDataViewType ItemTypeOf(TensorElementType type, string port) => type switch
    {
        TensorElementType.Float => NumberDataViewType.Single,
        TensorElementType.Double => NumberDataViewType.Double,
        TensorElementType.UInt8 => NumberDataViewType.Byte,
        TensorElementType.Int8 => NumberDataViewType.SByte,
        TensorElementType.UInt16 => NumberDataViewType.UInt16,
        TensorElementType.Int16 => NumberDataViewType.Int16,
        TensorElementType.UInt32 => NumberDataViewType.UInt32,
        TensorElementType.Int32 => NumberDataViewType.Int32,
        TensorElementType.UInt64 => NumberDataViewType.UInt64,
        TensorElementType.Int64 => NumberDataViewType.Int64,
        TensorElementType.Bool => BooleanDataViewType.Instance,
        TensorElementType.String => TextDataViewType.Instance,
        TensorElementType.Undefined => throw new NotSupportedException(
            $"The ONNX {port} is no tensor but a sequence or map, which this engine does not read. Name the other ones alone, or build with -p:MLNet=NuGet."),
        _ => throw new NotSupportedException($"The ONNX {port} has elements of type {type}, for which there is no column type. Add a Cast to the model."),
    };
}
