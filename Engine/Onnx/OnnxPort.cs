using Microsoft.ML.Data;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or output of a model as rows see it.</summary>
internal sealed class OnnxPort
{
    /// <param name="info">What the model declares.</param>
    /// <param name="role">"input" or "output".</param>
    /// <param name="shapes">Shapes that say more than the model does.</param>
    /// <exception cref="ArgumentOutOfRangeException">A given shape contradicts the model's.</exception>
    /// <exception cref="NotSupportedException">It is no tensor, or has elements no column can hold.</exception>
    public OnnxPort(TensorInfo info, string role, IReadOnlyDictionary<string, int[]> shapes)
    {
        (Name, Role, ElementType) = (info.Name, role, info.ElementType);
        ItemType = OnnxElementTypes.ItemTypeOf(info.ElementType, $"{role} '{info.Name}'");
        Dimensions = shapes.TryGetValue(info.Name, out var given) ? Merged(info, given) : [.. info.Dimensions];
    }

    /// <summary>The name in the model.</summary>
    public string Name { get; }

    /// <summary>"input" or "output".</summary>
    public string Role { get; }

    public TensorElementType ElementType { get; }

    /// <summary>The type of the column's items.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The sizes, −1 where unknown; none for a single number.</summary>
    public long[] Dimensions { get; }

    /// <summary>Whether the first size is unknown: the number of rows that a run computes.</summary>
    public bool HasRowDimension => Dimensions is [< 0, ..];

    /// <summary>Whether the size of a row is known without seeing one.</summary>
    public bool HasKnownRowSize => !RowDimensions.Contains(-1);

    /// <summary>The sizes of a single row: with 1 for the unknown number of rows.</summary>
    public IEnumerable<long> RowDimensions => Dimensions.Select((size, index) => size < 0 && index == 0 ? 1 : size);

    /// <summary>The number of values of a row, leaving out a size that is unknown.</summary>
    public long KnownRowSize => RowDimensions.Where(size => size >= 0).Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The sizes of a run over <paramref name="rows"/> rows of <paramref name="rowLength"/> values each.</summary>
    public long[] RunDimensions(int rows, int rowLength)
    {
        var known = Math.Max(1, KnownRowSize);
        return [.. Dimensions.Select((size, index) => size >= 0 ? size : index == 0 ? rows : rowLength / known)];
    }

    public override string ToString() => $"[{string.Join(",", Dimensions.Select(size => size < 0 ? "?" : $"{size}"))}]";

    // A model may leave a size open, or (no dimensions declared) all of them; what it does say must not be contradicted.
    private static long[] Merged(TensorInfo info, int[] given)
    {
        var declared = info.Dimensions;
        var agrees = declared.Count == 0 || (declared.Count == given.Length && declared.Zip(given).All(pair => pair.First < 0 || pair.Second <= 0 || pair.First == pair.Second));
        return agrees
            ? [.. given.Select((size, index) => size > 0 ? size : declared.Count == 0 ? -1 : declared[index])]
            : throw new ArgumentOutOfRangeException(
                "shapeDictionary",
                $"The specified shape [{string.Join(",", given)}] is not compatible with the shape loaded from the ONNX model, {info}. "
                + "Give as many sizes as the model has, the same where it has one and any where it has none.");
    }
}
