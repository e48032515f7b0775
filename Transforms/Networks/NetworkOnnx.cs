using MLPipelines.Learning;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Transforms;

/// <summary>Networks as ONNX models and back: <c>input</c> [N, C, H, W] (a vector: [N, n]) → <c>logits</c> [N, classes]; as the head of another
/// model: <see cref="HeadOnnx"/>.</summary>
/// <remarks>
/// Nodes and constants have the names of layers and tensors, batch normalisation stays a node of its own, and the definition travels in the
/// model's metadata; so nothing is lost and a model read back can be trained on. The numbers are the same bits; what ONNX Runtime computes
/// with them differs from other sums of the same terms by rounding. Any runtime of opset 13 can use the model.
/// </remarks>
public static class NetworkOnnx
{
    /// <summary>The name of the model's input.</summary>
    public const string Input = "input";

    /// <summary>The name of the model's output.</summary>
    public const string Output = "logits";

    /// <summary>The key of the model's metadata that holds the <see cref="NetworkDefinition"/> as JSON.</summary>
    public const string DefinitionKey = "mlpipelines.network";

    /// <summary>The shape of one sample in the model: [C, H, W], or [n] for a vector.</summary>
    public static IReadOnlyList<int> Dimensions(ImageShape input) =>
        IsVector(input) ? [input.Channels] : [input.Channels, input.Height, input.Width];

    /// <summary>Writes a network as it is in use: without dropout, with running statistics.</summary>
    /// <returns>The bytes of an ONNX file; equal networks give equal bytes.</returns>
    public static byte[] Write(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Write(network.Shape, constant => Gathered(network, constant));
    }

    /// <summary>Adds a network behind a value of a graph; <see cref="HeadOnnx"/> describes it in the model, too.</summary>
    /// <param name="graph">What to add to; written for version 9 of ONNX's operators or a later one.</param>
    /// <param name="input">The value that the network reads: [N, C, H, W], or [N, n] where its samples are vectors.</param>
    /// <param name="network">The network.</param>
    /// <param name="output">What the logits, [N, classes], are called; new in the graph. They are not made an output of the model.</param>
    /// <param name="normalization">What is done to the value before; null for nothing.</param>
    public static void Append(OnnxGraphBuilder graph, string input, Network network, string output = Output, Normalization? normalization = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(network);
        new HeadOnnx(network, input, normalization).AppendUndescribed(graph, output, constant => Gathered(network, constant));
    }

    /// <summary>Reads a network that <see cref="Write(Network)"/> wrote, bit for bit.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="name">What error messages call the model.</param>
    /// <exception cref="InvalidDataException">The file is no ONNX model or a damaged one, or its graph is not that
    /// of the network it says it is.</exception>
    /// <exception cref="NotSupportedException">The model is none that <see cref="Write(Network)"/> wrote.</exception>
    public static Network Read(ReadOnlySpan<byte> model, string? name = null)
    {
        var file = OnnxModelFile.Read(model, name);
        var source = name ?? "The model";
        if (!file.Metadata.TryGetValue(DefinitionKey, out var json))
        {
            throw new NotSupportedException(
                $"{source} is not a network of MLPipelines (it lacks the metadata '{DefinitionKey}', made by {Maker(file)}) and cannot be trained "
                + "further layer by layer. It can serve as a backbone: a new head is trained on one of its inner values.");
        }

        var definition = NetworkDefinition.Parse(json, $"The metadata '{DefinitionKey}' of {source}");
        var shape = NetworkShape.Of(definition, InputOf(file, source), ClassesOf(file, source));
        var network = new Network(shape, new float[shape.WeightCount], new float[shape.StateCount]);
        var constants = file.Initializers.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var written = Write(shape, constant =>
        {
            if (!constants.TryGetValue(constant.Name, out var tensor) || tensor.ElementType != TensorElementType.Float
                || !tensor.Dimensions.SequenceEqual(constant.Dimensions))
            {
                var wanted = $"Float[{string.Join(",", constant.Dimensions)}]";
                throw Changed(source, $"the constant '{constant.Name}' should be {wanted} and is {(object?)tensor ?? "missing"}");
            }

            var values = file.Initializer(constant.Name).Values<float>();
            Scatter(values, constant, network);
            return values.ToArray();
        });

        // Whatever else differs would make the network another one than the model is.
        if (!file.HasGraphOf(OnnxModelFile.Read(written))) throw Changed(source, "its nodes or their attributes are not those of that network");
        return network;
    }

    private static byte[] Write(NetworkShape shape, Func<GraphConstant, float[]> valuesOf)
    {
        var builder = new OnnxGraphBuilder("network")
            .Metadata(DefinitionKey, shape.Definition.ToJson())
            .Input(Input, TensorElementType.Float, [(OnnxDimension)"N", .. Dimensions(shape.Input).Select(size => (OnnxDimension)size)]);
        NetworkGraph.Append(builder, shape, Input, IsVector(shape.Input), Output, [], valuesOf);
        return builder.Output(Output, TensorElementType.Float, "N", shape.Classes).ToBytes();
    }

    internal static bool IsVector(ImageShape shape) => shape is { Height: 1, Width: 1 };

    internal static float[] Gathered(Network network, GraphConstant constant)
    {
        var values = constant.IsState ? network.StateOf(constant.Tensor) : network.WeightsOf(constant.Tensor);
        if (constant.Order is not { } order) return values.ToArray();
        var gathered = new float[order.Length];
        for (var i = 0; i < order.Length; i++) gathered[i] = values[order[i]];
        return gathered;
    }

    internal static void Scatter(ReadOnlySpan<float> values, GraphConstant constant, Network network)
    {
        var target = constant.IsState ? network.StateOf(constant.Tensor) : network.WeightsOf(constant.Tensor);
        if (constant.Order is not { } order)
        {
            values.CopyTo(target);
            return;
        }

        for (var i = 0; i < order.Length; i++) target[order[i]] = values[i];
    }

    private static ImageShape InputOf(OnnxModelFile file, string source) => file.Inputs is [{ Name: Input, Dimensions: { } dimensions }]
        ? dimensions switch
        {
            [_, { Size: { } length and > 0 and <= int.MaxValue }] => ImageShape.Vector((int)length),
            [_, { Size: { } c and > 0 and <= 65536 }, { Size: { } h and > 0 and <= 65536 }, { Size: { } w and > 0 and <= 65536 }] =>
                new ImageShape((int)h, (int)w, (int)c),
            _ => throw Changed(source, $"its input is {file.Inputs[0]}"),
        }
        : throw Changed(source, $"its inputs are {string.Join(", ", file.Inputs)}");

    private static int ClassesOf(OnnxModelFile file, string source) =>
        file.Outputs is [{ Name: Output, Dimensions: [_, { Size: { } classes and > 0 and <= int.MaxValue }] }]
            ? (int)classes
            : throw Changed(source, $"its outputs are {string.Join(", ", file.Outputs)}");

    private static InvalidDataException Changed(string source, string how) => new(
        $"{source} says that it is a network of MLPipelines, but it was damaged or changed since: {how}. Use the file as it was exported.");

    internal static string Maker(OnnxModelFile file) => file.ProducerName is { Length: > 0 } producer ? $"'{producer}'" : "an unnamed tool";
}
