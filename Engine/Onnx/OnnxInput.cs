using System.Buffers;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Fills one input tensor from the rows of a batch.</summary>
internal abstract class OnnxInput
{
    /// <summary>The filler of a model input from a column of its item type.</summary>
    public static OnnxInput Create(OnnxPort port, DataViewType columnType, BatchBuffers buffers, int index)
    {
        if (port.ItemType is TextDataViewType)
            return new OnnxTextInput(port, columnType is VectorDataViewType, buffers, index);
        var type = typeof(OnnxInput<>).MakeGenericType(port.ItemType.RawType);
        return (OnnxInput)Activator.CreateInstance(type, port, columnType is VectorDataViewType, buffers, index);
    }

    /// <summary>The number of values in a row.</summary>
    /// <exception cref="InvalidOperationException">It does not fit the model.</exception>
    public abstract int LengthOf(int row);

    /// <summary>The tensor of rows that all have the same length. Dispose of it after the run.</summary>
    public abstract Filled Fill(int first, int count);

    /// <summary>A tensor in borrowed memory.</summary>
    public abstract record Filled(OnnxTensor Tensor) : IDisposable
    {
        public abstract void Dispose();
    }

    protected static int Checked(OnnxPort port, int length)
    {
        var known = port.KnownRowSize;
        var fits = port.HasKnownRowSize ? length == known : known > 0 && length % known == 0;
        return fits ? length : throw new InvalidOperationException(
            $"Input shape mismatch: a row of column '{port.Name}' has {length} values; the ONNX input of shape {port} takes {(port.HasKnownRowSize ? "" : "a multiple of ")}{known}.");
    }

    protected static Filled Fill<T>(OnnxPort port, int count, int rowLength, Action<int, Memory<T>> fillRow)
    {
        var memory = ArrayPool<T>.Shared.Rent(count * rowLength);
        for (var i = 0; i < count; i++)
            fillRow(i, memory.AsMemory(i * rowLength, rowLength));
        return new Borrowed<T>(OnnxTensor.Of<T>(memory.AsMemory(0, count * rowLength), port.RunDimensions(count, rowLength)), memory);
    }

    private sealed record Borrowed<T>(OnnxTensor Tensor, T[] Memory) : Filled(Tensor)
    {
        public override void Dispose() => ArrayPool<T>.Shared.Return(Memory);
    }
}

/// <summary>An input of numbers or truth values.</summary>
internal sealed class OnnxInput<T>(OnnxPort port, bool isVector, BatchBuffers buffers, int index) : OnnxInput
{
    private readonly VBuffer<T>[] _vectors = isVector ? buffers.Input<VBuffer<T>>(index) : null;
    private readonly T[] _scalars = isVector ? null : buffers.Input<T>(index);

    public override int LengthOf(int row) => Checked(port, _vectors is null ? 1 : _vectors[row].Length);

    public override Filled Fill(int first, int count) => Fill<T>(port, count, LengthOf(first), (i, values) =>
    {
        if (_vectors is null)
            values.Span[0] = _scalars[first + i];
        else
            _vectors[first + i].CopyTo(values.Span);
    });
}

/// <summary>An input of texts.</summary>
internal sealed class OnnxTextInput(OnnxPort port, bool isVector, BatchBuffers buffers, int index) : OnnxInput
{
    private readonly VBuffer<ReadOnlyMemory<char>>[] _vectors = isVector ? buffers.Input<VBuffer<ReadOnlyMemory<char>>>(index) : null;
    private readonly ReadOnlyMemory<char>[] _scalars = isVector ? null : buffers.Input<ReadOnlyMemory<char>>(index);

    public override int LengthOf(int row) => Checked(port, _vectors is null ? 1 : _vectors[row].Length);

    public override Filled Fill(int first, int count) => Fill<string>(port, count, LengthOf(first), (i, values) =>
    {
        var to = 0;
        foreach (var text in _vectors is null ? [_scalars[first + i]] : _vectors[first + i].DenseValues())
            values.Span[to++] = text.ToString();
    });
}
