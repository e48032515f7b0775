using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Classifies rows with a trained network: adds <c>PredictedLabel</c>, a key with the names of the classes, and
/// <c>Score</c>, their probabilities.</summary>
/// <remarks>
/// Both columns have the annotations that those of ML.NET's own trainers have. Runs in its ONNX form, many rows at a time; a row with a NaN
/// gets NaN scores. It holds a session of ONNX Runtime: dispose of it (or of the chain it is in) when no view of it will be read any more.
/// Saved as a chain of built-in transformers: <c>mlContext.Model.Load</c> needs nothing of this assembly.
/// </remarks>
public sealed class NeuralNetworkTransformer : ISingleFeaturePredictionTransformer<Network>, IDisposable
{
    private readonly TransformerChain<ITransformer> chain;

    internal NeuralNetworkTransformer(
        Network network, Normalization normalization, TensorLayout layout, TrainingHistory history, DataViewSchema trained, string features,
        DataViewSchema.Column label)
    {
        (Model, Normalization, History) = (network, normalization, history);
        (FeatureColumnName, FeatureColumnType) = (features, trained[features].Type);

        var logits = Unused($"{features}.logits", trained);
        var columns = ClassColumns.Of(logits, label);
        var ml = new MLContext().Transforms;
        var source = new EmptyView(trained);
        var scoring = ml.ScoreOnnx(logits, features, ToOnnx(network, normalization, layout, columns)).Fit(source);
        var added = columns.Transformer.GetOutputSchema(scoring.GetOutputSchema(trained));
        chain = new TransformerChain<ITransformer>(scoring, columns.Transformer, ml.DropColumns(logits).Fit(new EmptyView(added)));
    }

    /// <summary>The network as it was trained.</summary>
    public Network Model { get; }

    /// <summary>What is done to the features before the network sees them.</summary>
    public Normalization Normalization { get; }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History { get; }

    /// <inheritdoc/>
    public string FeatureColumnName { get; }

    /// <inheritdoc/>
    public DataViewType FeatureColumnType { get; }

    /// <inheritdoc/>
    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => chain.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => chain.Transform(input);

    /// <inheritdoc/>
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)chain).GetRowToRowMapper(inputSchema);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)chain).Save(ctx);

    /// <summary>Frees the ONNX session once no run uses it any more.</summary>
    public void Dispose() => chain.Dispose();

    /// <summary>features → normalisation → network → what <see cref="ClassColumns"/> makes probabilities of.</summary>
    private static byte[] ToOnnx(Network network, Normalization normalization, TensorLayout layout, ClassColumns columns)
    {
        var (height, width, channels) = network.Shape.Input;
        var isVector = (height, width) == (1, 1);
        var isLast = !isVector && layout == TensorLayout.ChannelsLast;
        var planes = NetworkOnnx.Dimensions(network.Shape.Input);
        IReadOnlyList<int> dimensions = isLast ? [height, width, channels] : planes;
        var graph = new OnnxGraphBuilder("neural_network")
            .Input("features", TensorElementType.Float, [(OnnxDimension)"N", .. dimensions.Select(size => (OnnxDimension)size)]);
        var value = "features";
        if (isLast) graph.Node("Transpose", [value], [value = "features.planes"], new() { ["perm"] = new long[] { 0, 3, 1, 2 } });
        NetworkOnnx.Append(graph, value, network, normalization: normalization);
        graph.Initializer("probabilities.biases", OnnxTensor.Of<float>([.. columns.Biases], network.Shape.Classes))
            .Initializer("probabilities.scale", OnnxTensor.Of([columns.Scale]))
            .Node("Sub", [NetworkOnnx.Output, "probabilities.biases"], ["probabilities.shifted"])
            .Node("Div", ["probabilities.shifted", "probabilities.scale"], ["scores"]);
        return graph.Output("scores", TensorElementType.Float, "N", network.Shape.Classes).ToBytes();
    }

    private static string Unused(string name, DataViewSchema schema)
    {
        while (schema.GetColumnOrNull(name) is not null) name += "_";
        return name;
    }
}
