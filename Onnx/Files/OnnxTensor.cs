using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Onnx;

/// <summary>Values with a shape, in managed memory, row-major: the last dimension runs fastest.</summary>
/// <remarks>Not copied: the tensor shows the memory it was made of. Safe for several threads as long as nobody writes to that memory.</remarks>
public sealed class OnnxTensor
{
    private readonly Elements elements;
    private readonly long[] dimensions;

    private OnnxTensor(Elements elements, long[] dimensions)
    {
        this.elements = elements;
        this.dimensions = dimensions;
    }

    /// <summary>What the tensor holds.</summary>
    public TensorElementType ElementType => elements.Type;

    /// <summary>The sizes, outermost first; empty for a single number.</summary>
    public IReadOnlyList<long> Dimensions => dimensions;

    /// <summary>A tensor over <paramref name="values"/>.</summary>
    /// <typeparam name="T">float, double, Half, bool, string, or an integer type of 8 to 64 bits.</typeparam>
    /// <param name="values">Row-major; as many as the product of the dimensions.</param>
    /// <param name="dimensions">Outermost first, each 0 or more; none for a single number.</param>
    /// <exception cref="ArgumentException">The dimensions do not fit the number of values.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the types above.</exception>
    public static OnnxTensor Of<T>(ReadOnlyMemory<T> values, params ReadOnlySpan<long> dimensions)
    {
        var type = ElementTypeOf<T>();
        var count = 1L;
        foreach (var size in dimensions)
            count = size < 0 ? -1 : checked(count * size);
        return count == values.Length
            ? new OnnxTensor(new Elements<T>(type, values), dimensions.ToArray())
            : throw new ArgumentException(
                $"{values.Length} values do not fill {TensorInfo.Shape(type, dimensions.ToArray())}: their number must be "
                + "the product of the dimensions.", nameof(dimensions));
    }

    /// <inheritdoc cref="Of{T}(ReadOnlyMemory{T}, ReadOnlySpan{long})"/>
    public static OnnxTensor Of<T>(T[] values, params ReadOnlySpan<long> dimensions) => Of(new ReadOnlyMemory<T>(values), dimensions);

    /// <summary>The values, row-major.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type than <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Values<T>() => Memory<T>().Span;

    /// <inheritdoc cref="Values{T}"/>
    public ReadOnlyMemory<T> Memory<T>() => elements is Elements<T> typed
        ? typed.Values
        : throw new InvalidOperationException($"The tensor {this} was asked for values of type {typeof(T).Name}.");

    /// <summary>As <c>Float[1,3,224,224]</c>.</summary>
    public override string ToString() => TensorInfo.Shape(ElementType, dimensions);

    /// <summary>The tensor element type of a .NET type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static TensorElementType ElementTypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(byte) ? TensorElementType.UInt8
        : typeof(T) == typeof(sbyte) ? TensorElementType.Int8
        : typeof(T) == typeof(ushort) ? TensorElementType.UInt16
        : typeof(T) == typeof(short) ? TensorElementType.Int16
        : typeof(T) == typeof(int) ? TensorElementType.Int32
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : typeof(T) == typeof(string) ? TensorElementType.String
        : typeof(T) == typeof(bool) ? TensorElementType.Bool
        : typeof(T) == typeof(Half) ? TensorElementType.Float16
        : typeof(T) == typeof(double) ? TensorElementType.Double
        : typeof(T) == typeof(uint) ? TensorElementType.UInt32
        : typeof(T) == typeof(ulong) ? TensorElementType.UInt64
        : throw new NotSupportedException(
            $"A tensor cannot hold {typeof(T).Name}; it holds float, double, Half, bool, string, or integers of 8 to 64 bits.");

    /// <summary>What is known about the values without knowing their type.</summary>
    private abstract class Elements(TensorElementType type)
    {
        public TensorElementType Type => type;
    }

    private sealed class Elements<T>(TensorElementType type, ReadOnlyMemory<T> values) : Elements(type)
    {
        public ReadOnlyMemory<T> Values => values;
    }
}
