using System.Buffers;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Onnx;

namespace MLPipelines.Transforms;

/// <summary>Adds the scores that an ONNX classifier gives each row, many rows at a time.</summary>
/// <remarks>
/// Holds one session of ONNX Runtime, which all of its views share and which is thread-safe. It owns the session: dispose of the transformer
/// (or of the chain it is in) when no view of it will be read any more; reading one later throws <see cref="ObjectDisposedException"/>.
/// Rows with a NaN in the input get NaN scores. Saved between built-in transformers with the model's bytes: <c>mlContext.Model.Load</c>
/// needs nothing of this assembly; what comes back scores row by row, has no slot names, and leaves NaN to the network.
/// </remarks>
public sealed class ScoreOnnxTransformer : RowTransformer, IDisposable
{
    private readonly string outputColumnName, inputColumnName;
    private readonly DataViewSchema fitted;
    private readonly OnnxModelSource model;
    private readonly OnnxScoringOptions options;
    private readonly OnnxClassifier classifier;

    internal ScoreOnnxTransformer(
        string outputColumnName, string inputColumnName, DataViewSchema fitted, OnnxModelSource model, OnnxScoringOptions options,
        OnnxClassifier classifier)
    {
        (this.outputColumnName, this.inputColumnName, this.fitted) = (outputColumnName, inputColumnName, fitted);
        (this.model, this.options, this.classifier) = (model, options, classifier);
    }

    /// <summary>The model's input that is fed.</summary>
    public string InputName => classifier.InputName;

    /// <summary>The model's output that holds the scores.</summary>
    public string OutputName => classifier.OutputName;

    /// <summary>How many scores a row gets.</summary>
    public int Classes => classifier.Classes;

    /// <summary>Rows that are read ahead and scored together.</summary>
    public int BatchSize => options.BatchSize ?? Math.Clamp((8 << 20) / classifier.RowLength, 1, 64);

    /// <summary>Frees the model once no run uses it any more.</summary>
    public void Dispose() => classifier.Dispose();

    private protected override BatchMapping Bind(DataViewSchema inputSchema)
    {
        var (column, type) = Columns.FindFloats(inputSchema, inputColumnName);
        return type.Size == classifier.RowLength
            ? new Mapping(this, inputSchema, column)
            : throw Columns.Mismatch(inputColumnName, $"a vector of {classifier.RowLength} Single, as the model takes", type.ToString());
    }

    private protected override void Save(ModelSaveContext context)
    {
        if (classifier.FixedBatch is > 1 and var batch)
            throw new NotSupportedException(
                $"{model} takes {batch} rows at a time, which ML.NET's own ONNX transformer cannot feed. Save a model bundle, or export the model "
                + "with a batch of 1 or of any size.");
        var (single, row) = model.Read().ForOneRow(
            classifier.InputName, classifier.InputDimensions(1), classifier.OutputName, Classes, OnnxChain.TensorName(outputColumnName));
        OnnxChain.Save(context, fitted, single, (inputColumnName, classifier.InputName), [(outputColumnName, row)]);
    }

    private sealed class Mapping(ScoreOnnxTransformer owner, DataViewSchema schema, DataViewSchema.Column tensors) : BatchMapping(
        schema, [tensors],
        [
            new(
                owner.outputColumnName, new VectorDataViewType(NumberDataViewType.Single, owner.Classes),
                ClassNames.ScoreAnnotations(owner.options.Labels)),
        ])
    {
        public override int BatchSize => owner.BatchSize;

        public override IBatchComputation Begin(BatchBuffers buffers) =>
            new Computation(owner.classifier, sharesOut: owner.options.IntraOpThreads == 1, buffers);
    }

    private sealed class Computation(OnnxClassifier classifier, bool sharesOut, BatchBuffers buffers) : IBatchComputation
    {
        // Shorter runs were faster for ResNet-8 in one comparison and no different in another (Benchmarks/README.md).
        private const int NumbersPerRun = 32 << 10;

        private readonly VBuffer<float>[] tensors = buffers.Input<VBuffer<float>>(0);
        private readonly VBuffer<float>[] scores = buffers.Output<VBuffer<float>>(0);

        public void Compute(int first, int count)
        {
            var share = (count + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
            var rowsPerRun = classifier.FixedBatch ?? (sharesOut ? Math.Min(share, Math.Max(1, NumbersPerRun / classifier.RowLength)) : count);
            var runs = (count + rowsPerRun - 1) / rowsPerRun;
            if (sharesOut)
                ParallelRows.For(0, runs, Run);
            else
                for (var run = 0; run < runs; run++)
                    Run(run);

            void Run(int run) => Score(first + (run * rowsPerRun), Math.Min(rowsPerRun, count - (run * rowsPerRun)));
        }

        private void Score(int first, int count)
        {
            var (length, classes) = (classifier.RowLength, classifier.Classes);
            var rows = ArrayPool<float>.Shared.Rent(count * length);
            var all = ArrayPool<float>.Shared.Rent(count * classes);
            try
            {
                for (var row = 0; row < count; row++)
                    tensors[first + row].CopyTo(rows.AsSpan(row * length, length));
                classifier.Score(rows.AsMemory(0, count * length), all.AsSpan(0, count * classes));
                for (var row = 0; row < count; row++)
                {
                    var editor = VBufferEditor.Create(ref scores[first + row], classes);
                    all.AsSpan(row * classes, classes).CopyTo(editor.Values);
                    scores[first + row] = editor.Commit();
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(rows);
                ArrayPool<float>.Shared.Return(all);
            }
        }
    }
}
