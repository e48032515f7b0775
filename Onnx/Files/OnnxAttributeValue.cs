using Google.Protobuf;
using MLPipelines.Onnx.Format;

namespace MLPipelines.Onnx;

/// <summary>A constant argument of a node. Converts from what it holds: <c>["axis"] = 1</c>, <c>["pads"] = new long[] { 1, 1, 1, 1 }</c>.</summary>
public sealed class OnnxAttributeValue
{
    private readonly Func<AttributeProto> make;

    private OnnxAttributeValue(Func<AttributeProto> make) => this.make = make;

    /// <summary>A whole number.</summary>
    public static implicit operator OnnxAttributeValue(long value) => new(() => new() { Type = AttributeProto.Types.AttributeType.Int, I = value });

    /// <summary>A number.</summary>
    public static implicit operator OnnxAttributeValue(float value) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.Float, F = value });

    /// <summary>A text, written as UTF-8.</summary>
    public static implicit operator OnnxAttributeValue(string value) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) });

    /// <summary>Whole numbers.</summary>
    public static implicit operator OnnxAttributeValue(long[] values) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } });

    /// <summary>Numbers.</summary>
    public static implicit operator OnnxAttributeValue(float[] values) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.Floats, Floats = { values } });

    /// <summary>Texts.</summary>
    public static implicit operator OnnxAttributeValue(string[] values) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } });

    /// <summary>A tensor.</summary>
    public static implicit operator OnnxAttributeValue(OnnxTensor value) =>
        new(() => new() { Type = AttributeProto.Types.AttributeType.Tensor, T = OnnxTensorFormat.Write(value, "") });

    internal AttributeProto Write(string name)
    {
        var proto = make();
        proto.Name = name;
        return proto;
    }
}
