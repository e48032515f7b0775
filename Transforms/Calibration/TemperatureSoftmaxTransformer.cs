using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Turns scores into probabilities, softmax(z / T); the order of the classes stays.</summary>
/// <remarks>
/// A row with a NaN or +∞, or with nothing but −∞, becomes all NaN. The annotations of the scores (class names) go on to the probabilities.
/// Saved as an ONNX model between built-in transformers, in double as here: <c>mlContext.Model.Load</c> needs nothing of this assembly.
/// </remarks>
public sealed class TemperatureSoftmaxTransformer : RowTransformer
{
    private readonly string outputColumnName, inputColumnName;
    private readonly DataViewSchema fitted;

    internal TemperatureSoftmaxTransformer(
        string outputColumnName, string inputColumnName, DataViewSchema fitted, double temperature, SoftmaxInput input, TemperatureFit? fit)
    {
        (this.outputColumnName, this.inputColumnName, this.fitted) = (outputColumnName, inputColumnName, fitted);
        (Temperature, Input, Fit) = (temperature, input, fit);
    }

    /// <summary>T, positive.</summary>
    public double Temperature { get; }

    /// <summary>What the scores are.</summary>
    public SoftmaxInput Input { get; }

    /// <summary>How the temperature was found; null if it was given.</summary>
    public TemperatureFit? Fit { get; }

    private protected override BatchMapping Bind(DataViewSchema inputSchema)
    {
        var (column, type) = Columns.FindFloats(inputSchema, inputColumnName);
        return new Mapping(this, inputSchema, column, new(outputColumnName, type, column.Annotations));
    }

    private protected override void Save(ModelSaveContext context)
    {
        var classes = Columns.FindFloats(fitted, inputColumnName).Type.Size;
        OnnxChain.Save(
            context, fitted, inputColumnName, [outputColumnName],
            (scores, outputs) => ToOnnx(scores, outputs[0], classes));
    }

    private byte[] ToOnnx(string scores, string probabilities, int classes)
    {
        var graph = new OnnxGraphBuilder("temperature_softmax")
            .Input(scores, TensorElementType.Float, classes)
            .Initializer("mlpipelines.temperature", OnnxTensor.Of([Temperature]))
            .Node("Cast", [scores], ["mlpipelines.double"], new() { ["to"] = (long)TensorElementType.Double });
        var logits = "mlpipelines.double";
        if (Input == SoftmaxInput.Probabilities)
        {
            graph.Initializer("mlpipelines.smallest", OnnxTensor.Of([(double)TemperatureScaling.SmallestProbability]))
                .Node("Max", [logits, "mlpipelines.smallest"], ["mlpipelines.clipped"])
                .Node("Log", ["mlpipelines.clipped"], ["mlpipelines.logits"]);
            logits = "mlpipelines.logits";
        }

        return graph.Node("Div", [logits, "mlpipelines.temperature"], ["mlpipelines.tempered"])
            .Node("Softmax", ["mlpipelines.tempered"], ["mlpipelines.softmax"], new() { ["axis"] = 0 })
            .Node("Cast", ["mlpipelines.softmax"], [probabilities], new() { ["to"] = (long)TensorElementType.Float })
            .Output(probabilities, TensorElementType.Float, classes)
            .ToBytes();
    }

    private sealed class Mapping(
        TemperatureSoftmaxTransformer owner, DataViewSchema schema, DataViewSchema.Column scores, DataViewSchema.DetachedColumn added)
        : BatchMapping(schema, [scores], [added])
    {
        public override int BatchSize => 1;

        public override IBatchComputation Begin(BatchBuffers buffers) => new Computation(owner, buffers);
    }

    private sealed class Computation(TemperatureSoftmaxTransformer owner, BatchBuffers buffers) : IBatchComputation
    {
        private readonly VBuffer<float>[] scores = buffers.Input<VBuffer<float>>(0);
        private readonly VBuffer<float>[] probabilities = buffers.Output<VBuffer<float>>(0);

        public void Compute(int first, int count)
        {
            for (var row = first; row < first + count; row++)
            {
                var editor = VBufferEditor.Create(ref probabilities[row], scores[row].Length);
                scores[row].CopyTo(editor.Values);
                TemperatureScaling.Softmax(editor.Values, owner.Temperature, editor.Values, owner.Input);
                probabilities[row] = editor.Commit();
            }
        }
    }
}
