using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;

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
        string outputColumnName, string inputColumnName, DataViewSchema fitted, OnnxModelSource model, OnnxScoringOptions options, OnnxClassifier classifier)
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

    /// <summary>Rows that are scored together.</summary>
    public int BatchSize => classifier.FixedBatch ?? options.BatchSize ?? Math.Clamp((8 << 20) / classifier.RowLength, 1, 64);

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
                $"{model} takes {batch} rows at a time, which ML.NET's own ONNX transformer cannot feed. Save a model bundle, or export the model with a batch of 1 or of any size.");
        model.AsFile(file => OnnxChain.Save(context, fitted, file, (inputColumnName, classifier.InputName), [(outputColumnName, classifier.OutputName)]));
    }

    private sealed class Mapping(ScoreOnnxTransformer owner, DataViewSchema schema, DataViewSchema.Column tensors) : BatchMapping(
        schema, [tensors],
        [new(owner.outputColumnName, new VectorDataViewType(NumberDataViewType.Single, owner.Classes), ClassNames.ScoreAnnotations(owner.options.Labels))])
    {
        public override int BatchSize => owner.BatchSize;

        public override IBatchComputation Begin(BatchBuffers buffers) => new Computation(owner.classifier, buffers);
    }

    private sealed class Computation(OnnxClassifier classifier, BatchBuffers buffers) : IBatchComputation
    {
        private readonly VBuffer<float>[] tensors = buffers.Input<VBuffer<float>>(0);
        private readonly VBuffer<float>[] scores = buffers.Output<VBuffer<float>>(0);
        private readonly float[] rows = new float[Math.Max(buffers.Capacity, classifier.FixedBatch ?? 1) * classifier.RowLength];

        public void Compute(int first, int count)
        {
            // A single row of a model with a fixed batch, and the other way round, go through the same loop.
            var step = classifier.FixedBatch ?? count;
            for (var start = first; start < first + count; start += step)
                Score(start, Math.Min(step, first + count - start));
        }

        private void Score(int first, int count)
        {
            var length = classifier.RowLength;
            for (var row = 0; row < count; row++)
                tensors[first + row].CopyTo(rows.AsSpan(row * length, length));

            var all = classifier.Score(rows, count).Span;
            for (var row = 0; row < count; row++)
            {
                var editor = VBufferEditor.Create(ref scores[first + row], classifier.Classes);
                all.Slice(row * classifier.Classes, classifier.Classes).CopyTo(editor.Values);
                scores[first + row] = editor.Commit();
            }
        }
    }
}
