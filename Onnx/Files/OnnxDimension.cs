using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>One dimension of a declared shape: a size, a name for a size decided at run time (<c>N</c>), or nothing known.</summary>
/// <param name="Size">0 or more; null where it is decided at run time.</param>
/// <param name="Name">The name that dimensions of equal size share; null where there is none.</param>
public readonly record struct OnnxDimension(long? Size, string? Name)
{
    /// <summary>A fixed size.</summary>
    public static implicit operator OnnxDimension(long size) => new(NotNegative(size), null);

    /// <summary>A size decided at run time.</summary>
    public static implicit operator OnnxDimension(string name) => new(null, name);

    /// <summary>As <c>224</c>, <c>N</c> or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";

    private static long NotNegative(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size;
    }
}

/// <summary>An input, output or intermediate value of a graph, as the file declares it.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="ElementType">Null where it is no tensor or not said.</param>
/// <param name="Dimensions">Outermost first; null where the shape is not said.</param>
public sealed record OnnxValueInfo(string Name, TensorElementType? ElementType, IReadOnlyList<OnnxDimension>? Dimensions)
{
    /// <summary>As <c>data: Float[N,3,224,224]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType?.ToString() ?? "…"}[{(Dimensions is null ? "…" : string.Join(",", Dimensions))}]";
}

/// <summary>One operator of a graph.</summary>
/// <param name="OperatorType"><c>Conv</c>, <c>Gemm</c>, …</param>
/// <param name="Domain">The set of operators it is from; empty for ONNX's own.</param>
/// <param name="Name">Often empty.</param>
/// <param name="Inputs">Names of values; an empty name is an optional input left out.</param>
/// <param name="Outputs">Names of values.</param>
/// <param name="Attributes">Names of the attributes that are set.</param>
public sealed record OnnxNode(
    string OperatorType, string Domain, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> Attributes);
