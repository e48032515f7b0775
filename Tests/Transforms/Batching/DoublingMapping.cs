using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;

namespace MLPipelines.Tests.Transforms.Batching;

/// <summary>Adds Twice = 2 × Number and Pair = [Number, sum of Items] to the rows of a <see cref="CountingView"/>, and counts how.</summary>
internal sealed class DoublingMapping(DataViewSchema schema, int batchSize) : BatchMapping(
    schema,
    [schema["Number"], schema["Items"]],
    [
        new DataViewSchema.DetachedColumn("Twice", NumberDataViewType.Single),
        new DataViewSchema.DetachedColumn("Pair", new VectorDataViewType(NumberDataViewType.Single, 2)),
    ])
{
    /// <summary>The row number that cannot be computed.</summary>
    public int? BadNumber { get; init; }

    /// <summary>The ranges computed so far, by all cursors.</summary>
    public List<(int First, int Count)> Calls { get; } = [];

    public int ComputationsDisposed { get; private set; }

    public override int BatchSize => batchSize;

    public override IBatchComputation Begin(BatchBuffers buffers) => new Computation(this, buffers);

    private sealed class Computation(DoublingMapping mapping, BatchBuffers buffers) : IBatchComputation, IDisposable
    {
        private readonly float[] _numbers = buffers.Input<float>(0);
        private readonly VBuffer<float>[] _items = buffers.Input<VBuffer<float>>(1);

        public void Compute(int first, int count)
        {
            mapping.Calls.Add((first, count));
            for (var row = first; row < first + count; row++)
            {
                if (_numbers[row] == mapping.BadNumber)
                    throw new InvalidDataException($"number {mapping.BadNumber} is bad");
                if (buffers.IsActive(0))
                    buffers.Output<float>(0)[row] = 2 * _numbers[row];
                if (buffers.IsActive(1))
                    SetPair(ref buffers.Output<VBuffer<float>>(1)[row], _numbers[row], Sum(_items[row].GetValues()));
            }
        }

        public void Dispose() => mapping.ComputationsDisposed++;

        private static float Sum(ReadOnlySpan<float> values)
        {
            var sum = 0f;
            foreach (var value in values)
                sum += value;
            return sum;
        }

        private static void SetPair(ref VBuffer<float> pair, float first, float second)
        {
            var editor = VBufferEditor.Create(ref pair, 2);
            (editor.Values[0], editor.Values[1]) = (first, second);
            pair = editor.Commit();
        }
    }
}
