using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>The name, element type and shape that a model declares for one of its inputs or outputs.</summary>
/// <param name="Name">As in the model.</param>
/// <param name="ElementType">Null for what is no tensor (a sequence, a map); it then has no dimensions.</param>
/// <param name="Dimensions">Outermost first; −1 where the size is decided at run time.</param>
public sealed record TensorInfo(string Name, TensorElementType? ElementType, IReadOnlyList<long> Dimensions)
{
    /// <summary>As <c>data: Float[?,3,224,224]</c>; what is no tensor is <c>…</c>.</summary>
    public override string ToString() => $"{Name}: {(ElementType is { } type ? Shape(type, Dimensions) : "…")}";

    internal static string Shape(TensorElementType elementType, IEnumerable<long> dimensions) =>
        $"{elementType}[{string.Join(",", dimensions.Select(size => size < 0 ? "?" : size.ToString(CultureInfo.InvariantCulture)))}]";
}
