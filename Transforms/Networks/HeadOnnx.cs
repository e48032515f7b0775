using System.Text.Json;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Transforms;

/// <summary>A network behind a value of another model: a head on a backbone.</summary>
/// <param name="Network">The network.</param>
/// <param name="Input">The value of the graph that it reads.</param>
/// <param name="Normalization">What is done to that value before; null for nothing.</param>
public sealed record HeadOnnx(Network Network, string Input, Normalization? Normalization = null)
{
    /// <summary>The key of the model's metadata that holds the head: the value it reads, its shape and <see cref="NetworkDefinition"/>, and what the
    /// constants of its normalisation are called, as JSON.</summary>
    public const string MetadataKey = "mlpipelines.head";

    /// <summary>Whether the model says that it ends in a head.</summary>
    public static bool IsIn(OnnxModelFile model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Metadata.ContainsKey(MetadataKey);
    }

    /// <summary>Adds the network to a graph that has the value.</summary>
    /// <param name="graph">What to add to; written for version 9 of ONNX's operators or a later one.</param>
    /// <param name="output">What the logits, [N, classes], are called; new in the graph. They are not made an output of the model.</param>
    /// <remarks>The head is described in the model's metadata, so that <see cref="Read"/> finds it where the logits are the model's output.</remarks>
    public void AppendTo(OnnxGraphBuilder graph, string output = NetworkOnnx.Output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Append(graph, output, constant => NetworkOnnx.Gathered(Network, constant));
    }

    /// <summary>Reads the head of a model that <see cref="AppendTo"/> built, bit for bit.</summary>
    /// <param name="model">The model, whose one output is the head's.</param>
    /// <param name="source">What error messages call it.</param>
    /// <exception cref="InvalidDataException">The graph is not that of the head it says it ends in.</exception>
    /// <exception cref="NotSupportedException">The model is none that <see cref="AppendTo"/> built.</exception>
    public static HeadOnnx Read(OnnxModelFile model, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Metadata.TryGetValue(MetadataKey, out var json))
        {
            throw new NotSupportedException(
                $"{source} does not say what its head is (it lacks the metadata '{MetadataKey}', made by {NetworkOnnx.Maker(model)}), so that the "
                + "head's weights cannot be trained further. It can serve as a backbone: a new head is trained on one of its inner values.");
        }

        try
        {
            var description = JsonSerializer.Deserialize<Description>(json) ?? throw new JsonException("it is null");
            var definition = NetworkDefinition.Parse(description.Network, $"The metadata '{MetadataKey}' of {source}");
            if (model.Outputs is not [{ Dimensions: [var batch, { Size: { } classes and > 0 and <= int.MaxValue }] } output])
                throw Changed($"its outputs are {string.Join(", ", model.Outputs)}");

            var shape = NetworkShape.Of(definition, description.Shape, (int)classes);
            var network = new Network(shape, new float[shape.WeightCount], new float[shape.StateCount]);
            var normalization = description.Steps is { } steps
                ? new Normalization(Values(steps.Scale) is [var scale] ? scale : 1, Values(steps.Mean), Values(steps.Deviation))
                : null;
            var head = new HeadOnnx(network, description.Input, normalization);
            var graph = model.UpTo(head.Input);
            head.Append(graph, output.Name, constant =>
            {
                var values = Values(constant.Name);
                if (values.Length != constant.Dimensions.Aggregate(1L, (product, size) => product * size))
                    throw Changed($"the constant '{constant.Name}' has {values.Length} numbers");
                NetworkOnnx.Scatter(values, constant, network);
                return values;
            });

            // Whatever else differs would make the head another one than the model's.
            graph.Output(output.Name, TensorElementType.Float, batch, shape.Classes);
            return model.HasGraphOf(OnnxModelFile.Read(graph.ToBytes()))
                ? head
                : throw Changed("its nodes or their attributes are not those of that head");
        }
        catch (Exception error) when (error is ArgumentException or JsonException)
        {
            throw Changed(error.Message, error);
        }

        float[] Values(string? constant) => constant is null ? [] : model.Initializer(constant).Values<float>().ToArray();

        InvalidDataException Changed(string how, Exception? cause = null) => new(
            $"{source} says that it ends in a head of MLPipelines, but it was damaged or changed since: {how}. Use the file as it was written.", cause);
    }

    private void Append(OnnxGraphBuilder graph, string output, Func<GraphConstant, float[]> valuesOf)
    {
        var steps = AppendUndescribed(graph, output, valuesOf);
        graph.Metadata(MetadataKey, JsonSerializer.Serialize(new Description(Input, Network.Shape.Input, Network.Shape.Definition.ToJson(), steps)));
    }

    /// <summary>Adds the network, and nothing to the model's metadata.</summary>
    /// <returns>What the normalisation's constants are called; null where there is none.</returns>
    internal NormalizationNames? AppendUndescribed(OnnxGraphBuilder graph, string output, Func<GraphConstant, float[]> valuesOf)
    {
        var shape = Network.Shape;
        var isVector = NetworkOnnx.IsVector(shape.Input);
        var (value, steps) = (Input, (NormalizationNames?)null);
        if (Normalization is { } normalization)
        {
            var channels = shape.Input.Channels;
            long[] perChannel = isVector ? [channels] : [channels, 1, 1];
            steps = new NormalizationNames(
                Apply("Mul", "scale", normalization.Scale == 1 ? [] : [normalization.Scale], []),
                Apply("Sub", "mean", normalization.Mean, perChannel),
                Apply("Div", "deviation", normalization.StandardDeviation, perChannel));
        }

        NetworkGraph.Append(graph, shape, value, isVector, output, graph.Names, valuesOf);
        return steps;

        string? Apply(string operation, string name, IReadOnlyList<float> values, long[] sizes)
        {
            if (values.Count == 0) return null;

            // A backbone may itself be a model with a head, which has such names already.
            var (constant, result) = (Unused($"normalization.{name}"), Unused($"normalization.{operation}"));
            graph.Initializer(constant, OnnxTensor.Of<float>([.. values], sizes)).Node(operation, [value, constant], [value = result]);
            return constant;
        }

        string Unused(string name)
        {
            while (graph.Names.Contains(name)) name += "_";
            return name;
        }
    }

    /// <summary>What the constants of a normalisation are called; null where there is no such step.</summary>
    internal sealed record NormalizationNames(string? Scale, string? Mean, string? Deviation);

    private sealed record Description(string Input, ImageShape Shape, string Network, NormalizationNames? Steps);
}
