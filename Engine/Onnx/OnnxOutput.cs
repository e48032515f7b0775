using System.Numerics;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Hands one output tensor out to the rows of a batch.</summary>
internal abstract class OnnxOutput(OnnxPort port)
{
    public string Name => port.Name;

    /// <summary>The distributor of a model output to a column of type <paramref name="columnType"/>.</summary>
    public static OnnxOutput Create(OnnxPort port, DataViewType columnType, BatchBuffers buffers, int index)
    {
        if (port.ItemType is TextDataViewType)
            return new OnnxTextOutput(port, columnType, buffers, index);
        var type = typeof(OnnxOutput<>).MakeGenericType(port.ItemType.RawType);
        return (OnnxOutput)Activator.CreateInstance(type, port, columnType, buffers, index);
    }

    /// <summary>Gives rows <paramref name="first"/> … their equal shares of the tensor.</summary>
    /// <exception cref="InvalidOperationException">A row gets another number of values than its column has.</exception>
    public abstract void Distribute(OnnxTensor tensor, int first, int count);

    /// <summary>Whether row <paramref name="index"/> of <paramref name="together"/>, computed with others, equals <paramref name="alone"/>, up to rounding.</summary>
    public abstract bool IsSame(OnnxTensor together, int index, OnnxTensor alone);

    protected InvalidOperationException WrongLength(int length, DataViewType columnType, OnnxTensor tensor) => new(
        $"The ONNX output '{port.Name}' came as {tensor}: {length} values for a row of column type {columnType}. The model declares {port}; say what it gives in shapeDictionary.");
}

/// <summary>An output of numbers or truth values.</summary>
internal sealed class OnnxOutput<T>(OnnxPort port, DataViewType columnType, BatchBuffers buffers, int index) : OnnxOutput(port)
{
    // Kernels for one row and for many add up in different orders; this is far above what that makes and far below what mixing rows makes.
    private const double Tolerance = 1e-3;

    private readonly VBuffer<T>[] _vectors = columnType is VectorDataViewType ? buffers.Output<VBuffer<T>>(index) : null;
    private readonly T[] _scalars = columnType is VectorDataViewType ? null : buffers.Output<T>(index);
    private readonly int _size = columnType is VectorDataViewType vector ? vector.Size : 1;

    public override void Distribute(OnnxTensor tensor, int first, int count)
    {
        var values = tensor.Values<T>();
        var length = values.Length / count;
        if (_size != 0 && length != _size)
            throw WrongLength(length, columnType, tensor);

        for (var i = 0; i < count; i++)
        {
            if (_vectors is null)
            {
                _scalars[first + i] = values[i];
                continue;
            }

            var editor = VBufferEditor.Create(ref _vectors[first + i], length);
            values.Slice(i * length, length).CopyTo(editor.Values);
            _vectors[first + i] = editor.Commit();
        }
    }

    public override bool IsSame(OnnxTensor together, int index, OnnxTensor alone)
    {
        var expected = alone.Values<T>();
        var actual = together.Values<T>();
        if (actual.Length < (index + 1) * expected.Length)
            return false;
        actual = actual.Slice(index * expected.Length, expected.Length);

        return (expected.ToArray(), actual.ToArray()) switch
        {
            (float[] a, float[] b) => AreClose<float>(a, b),
            (double[] a, double[] b) => AreClose<double>(a, b),
            var (a, b) => a.SequenceEqual(b),
        };
    }

    private static bool AreClose<TNumber>(TNumber[] expected, TNumber[] actual)
        where TNumber : IFloatingPoint<TNumber>
    {
        var largest = expected.Where(TNumber.IsFinite).Select(TNumber.Abs).DefaultIfEmpty(TNumber.Zero).Max();
        return expected.Zip(actual).All(pair =>
            pair.First.Equals(pair.Second) || double.CreateChecked(TNumber.Abs(pair.First - pair.Second)) <= Tolerance * double.CreateChecked(largest!));
    }
}

/// <summary>An output of texts.</summary>
internal sealed class OnnxTextOutput(OnnxPort port, DataViewType columnType, BatchBuffers buffers, int index) : OnnxOutput(port)
{
    private readonly VBuffer<ReadOnlyMemory<char>>[] _vectors = columnType is VectorDataViewType ? buffers.Output<VBuffer<ReadOnlyMemory<char>>>(index) : null;
    private readonly ReadOnlyMemory<char>[] _scalars = columnType is VectorDataViewType ? null : buffers.Output<ReadOnlyMemory<char>>(index);
    private readonly int _size = columnType is VectorDataViewType vector ? vector.Size : 1;

    public override void Distribute(OnnxTensor tensor, int first, int count)
    {
        var texts = tensor.Values<string>();
        var length = texts.Length / count;
        if (_size != 0 && length != _size)
            throw WrongLength(length, columnType, tensor);

        for (var i = 0; i < count; i++)
        {
            if (_vectors is null)
            {
                _scalars[first + i] = texts[i].AsMemory();
                continue;
            }

            var editor = VBufferEditor.Create(ref _vectors[first + i], length);
            for (var item = 0; item < length; item++)
                editor.Values[item] = texts[i * length + item].AsMemory();
            _vectors[first + i] = editor.Commit();
        }
    }

    public override bool IsSame(OnnxTensor together, int index, OnnxTensor alone)
    {
        var expected = alone.Values<string>();
        var actual = together.Values<string>();
        return actual.Length >= (index + 1) * expected.Length && actual.Slice(index * expected.Length, expected.Length).SequenceEqual(expected);
    }
}
