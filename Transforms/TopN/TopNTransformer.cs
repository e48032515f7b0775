using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Adds the n best classes of each row, the best first: their names, scores and indices.</summary>
/// <remarks>
/// For the output column <c>Top</c> there are three columns of n each (or of as many as there are classes): <c>Top.Label</c> (text),
/// <c>Top.Probability</c> (Single, the scores as they were given) and <c>Top.Index</c> (Int64, from 0). Equal scores rank by index. A class
/// whose score is NaN ranks with −∞ and shows as an empty label, NaN and −1, so that a row of NaN names no class at all. Saved as an ONNX
/// model between built-in transformers: <c>mlContext.Model.Load</c> needs nothing of this assembly.
/// </remarks>
public sealed class TopNTransformer : RowTransformer
{
    private readonly string outputColumnName, inputColumnName;
    private readonly DataViewSchema fitted;
    private readonly int n;

    internal TopNTransformer(string outputColumnName, string inputColumnName, DataViewSchema fitted, int n, IReadOnlyList<string> labels)
    {
        (this.outputColumnName, this.inputColumnName, this.fitted) = (outputColumnName, inputColumnName, fitted);
        (this.n, Labels) = (Math.Min(n, labels.Count), labels);
    }

    /// <summary>The name of each class, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>How many classes each row gets.</summary>
    public int Count => n;

    internal static string LabelColumn(string outputColumnName) => outputColumnName + ".Label";

    internal static string ProbabilityColumn(string outputColumnName) => outputColumnName + ".Probability";

    internal static string IndexColumn(string outputColumnName) => outputColumnName + ".Index";

    internal static DataViewSchema.DetachedColumn[] Added(string outputColumnName, int n) =>
    [
        new(LabelColumn(outputColumnName), new VectorDataViewType(TextDataViewType.Instance, n)),
        new(ProbabilityColumn(outputColumnName), new VectorDataViewType(NumberDataViewType.Single, n)),
        new(IndexColumn(outputColumnName), new VectorDataViewType(NumberDataViewType.Int64, n)),
    ];

    private protected override BatchMapping Bind(DataViewSchema inputSchema)
    {
        var (column, type) = Columns.FindFloats(inputSchema, inputColumnName);
        return type.Size == Labels.Count
            ? new Mapping(this, inputSchema, column)
            : throw Columns.Mismatch(inputColumnName, $"a vector of {Labels.Count} Single, one for each label", type.ToString());
    }

    private protected override void Save(ModelSaveContext context) => OnnxChain.Save(
        context, fitted, inputColumnName, [LabelColumn(outputColumnName), ProbabilityColumn(outputColumnName), IndexColumn(outputColumnName)],
        (scores, outputs) => ToOnnx(scores, outputs[0], outputs[1], outputs[2]));

    private byte[] ToOnnx(string scores, string label, string probability, string index) =>
        new OnnxGraphBuilder("top_n")
            .Input(scores, TensorElementType.Float, Labels.Count)
            .Initializer("mlpipelines.n", OnnxTensor.Of([(long)n], 1))
            .Initializer("mlpipelines.labels", OnnxTensor.Of(Labels.ToArray(), Labels.Count))
            .Initializer("mlpipelines.lowest", OnnxTensor.Of([float.NegativeInfinity]))
            .Initializer("mlpipelines.none", OnnxTensor.Of([""]))
            .Initializer("mlpipelines.nowhere", OnnxTensor.Of([-1L]))
            .Node("IsNaN", [scores], ["mlpipelines.undefined"])
            .Node("Where", ["mlpipelines.undefined", "mlpipelines.lowest", scores], ["mlpipelines.rankable"])
            .Node(
                "TopK", ["mlpipelines.rankable", "mlpipelines.n"], ["mlpipelines.values", "mlpipelines.best"],
                new() { ["axis"] = 0, ["largest"] = 1, ["sorted"] = 1 })
            .Node("Gather", [scores, "mlpipelines.best"], [probability])
            .Node("IsNaN", [probability], ["mlpipelines.missing"])
            .Node("Gather", ["mlpipelines.labels", "mlpipelines.best"], ["mlpipelines.named"])
            .Node("Where", ["mlpipelines.missing", "mlpipelines.none", "mlpipelines.named"], [label])
            .Node("Where", ["mlpipelines.missing", "mlpipelines.nowhere", "mlpipelines.best"], [index])
            .Output(label, TensorElementType.String, n)
            .Output(probability, TensorElementType.Float, n)
            .Output(index, TensorElementType.Int64, n)
            .ToBytes();

    private sealed class Mapping(TopNTransformer owner, DataViewSchema schema, DataViewSchema.Column scores)
        : BatchMapping(schema, [scores], Added(owner.outputColumnName, owner.n))
    {
        private readonly ReadOnlyMemory<char>[] labels = [.. owner.Labels.Select(label => label.AsMemory())];

        public override int BatchSize => 1;

        public override IBatchComputation Begin(BatchBuffers buffers) => new Computation(labels, owner.n, buffers);
    }

    private sealed class Computation(ReadOnlyMemory<char>[] labels, int n, BatchBuffers buffers) : IBatchComputation
    {
        private readonly VBuffer<float>[] scores = buffers.Input<VBuffer<float>>(0);
        private readonly float[] dense = new float[labels.Length];
        private readonly int[] best = new int[n];

        public void Compute(int first, int count)
        {
            for (var row = first; row < first + count; row++)
            {
                scores[row].CopyTo(dense);
                TopNSelection.Indices(dense, best);
                Write<ReadOnlyMemory<char>>(0, row, index => labels[index], ReadOnlyMemory<char>.Empty);
                Write(1, row, index => dense[index], float.NaN);
                Write<long>(2, row, index => index, -1);
            }
        }

        private void Write<T>(int column, int row, Func<int, T> valueOf, T missing)
        {
            if (!buffers.IsActive(column))
                return;
            ref var output = ref buffers.Output<VBuffer<T>>(column)[row];
            var editor = VBufferEditor.Create(ref output, n);
            for (var rank = 0; rank < n; rank++)
                editor.Values[rank] = float.IsNaN(dense[best[rank]]) ? missing : valueOf(best[rank]);
            output = editor.Commit();
        }
    }
}
