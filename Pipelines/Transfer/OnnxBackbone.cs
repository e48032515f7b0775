using MLPipelines.Images;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>An ONNX classifier up to the value that it classifies by: one vector of numbers an image, which a new head can be trained on.</summary>
/// <remarks>
/// The value is the input of the model's last weighted node (Gemm, MatMul or Conv), or the one named; values with height and width, [N, C, H, W],
/// are averaged over both. So SqueezeNet, whose last convolution makes 1000 planes of 512, gives the means of those 512.
/// </remarks>
public sealed class OnnxBackbone
{
    // Versions before 7 add and multiply by other rules, which a head written for later ones would not follow.
    private const int OldestOpset = 7;
    private const string Pooled = "mlpipelines.embedding";

    private static readonly string[] weighted = ["Gemm", "MatMul", "Conv"];

    private readonly OnnxModelFile model;
    private readonly IReadOnlyList<int> dimensions;
    private readonly bool isSpatial;
    private readonly string single;
    private readonly int? mirroredAxis;

    private OnnxBackbone(OnnxModelFile model, IReadOnlyList<int> dimensions, string tensor, int length, bool isSpatial, bool hasVectors)
    {
        (this.model, this.dimensions, Input, Tensor, Length, this.isSpatial) = (model, dimensions, model.Inputs[0].Name, tensor, length, isSpatial);
        Embedding = single = hasVectors ? tensor : Pooled;
    }

    private OnnxBackbone(OnnxBackbone plain, int mirroredAxis)
    {
        (model, dimensions, isSpatial) = (plain.model, plain.dimensions, plain.isSpatial);
        (Input, Tensor, Length) = (plain.Input, plain.Tensor, plain.Length);
        (single, this.mirroredAxis) = (plain.single, mirroredAxis);
        Embedding = Unused("mlpipelines.both", [.. plain.Graph().Names]);
    }

    /// <summary>The name of the image input.</summary>
    public string Input { get; }

    /// <summary>The name of the inner value.</summary>
    public string Tensor { get; }

    /// <summary>What the vector, [N, <see cref="Length"/>], is called in <see cref="Graph"/>: <see cref="Tensor"/>, or its mean over height and width, or over an
    /// image and its mirror image.</summary>
    public string Embedding { get; }

    /// <summary>How many numbers describe an image.</summary>
    public int Length { get; }

    /// <summary>Finds the value and runs the model once, on a black image, to see its size.</summary>
    /// <param name="model">A classifier of images.</param>
    /// <param name="source">What the model is called in errors.</param>
    /// <param name="dimensions">The shape of one image's tensor, such as [3, 224, 224].</param>
    /// <param name="tensor">The inner value; null for the input of the last weighted node.</param>
    /// <exception cref="InvalidDataException">There is no such value, or the model cannot be run on such images.</exception>
    /// <exception cref="NotSupportedException">No node has weights, the value is no vector or image of floats, or the model is too old.</exception>
    public static OnnxBackbone Of(OnnxModelFile model, string source, IReadOnlyList<int> dimensions, string? tensor = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Opset < OldestOpset)
            throw new NotSupportedException($"'{source}' is written for version {model.Opset} of ONNX's operators; a head can be added from version {OldestOpset} on. Convert the model first.");
        if (model.Inputs.Count != 1)
            throw new NotSupportedException($"'{source}' has {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs)}); a backbone of images has one.");
        if (tensor is not null && !model.Nodes.Any(node => node.Outputs.Contains(tensor)))
            throw new InvalidDataException($"'{source}' has no inner value '{tensor}'. Its last ones are: {string.Join(", ", model.Nodes.TakeLast(12).SelectMany(node => node.Outputs))}.");

        tensor ??= BeforeLastWeights(model, source);
        var shape = ShapeOf(model, source, dimensions, tensor);
        return shape switch
        {
            [1, var length] => new OnnxBackbone(model, dimensions, tensor, (int)length, isSpatial: false, hasVectors: true),
            [1, var channels, var height, var width] => new OnnxBackbone(model, dimensions, tensor, (int)channels, height * width > 1, hasVectors: false),
            _ => throw new NotSupportedException(
                $"The value '{tensor}' of '{source}' is [{string.Join(",", shape)}] for one image; an embedding is [1,n], or [1,C,H,W] to be averaged. "
                + "Name another with --embedding."),
        };
    }

    /// <summary>The backbone that sees each image in the mirror too, left and right exchanged, and whose embedding is the mean of both: better for
    /// photos, twice the work, and wrong where a mirror image is another thing, such as of writing.</summary>
    /// <param name="layout">The order of the axes of the model's input.</param>
    public OnnxBackbone WithMirror(TensorLayout layout) => new(this, layout == TensorLayout.ChannelsFirst ? 3 : 2);

    /// <summary>The model from its input to <see cref="Embedding"/>, without outputs, to be built on.</summary>
    public OnnxGraphBuilder Graph()
    {
        var graph = model.UpTo(Tensor);
        if (single != Tensor)
        {
            var planes = Tensor;
            if (isSpatial) graph.Node("GlobalAveragePool", [Tensor], [planes = Pooled + ".planes"]);
            graph.Node("Flatten", [planes], [single], new() { ["axis"] = 1 });
        }
        return mirroredAxis is { } axis ? AddMirror(graph, axis) : graph;
    }

    // The nodes are repeated rather than the batch doubled, as a model may have the size of its batch written into it; constants are shared.
    private OnnxGraphBuilder AddMirror(OnnxGraphBuilder graph, int axis)
    {
        var width = dimensions[axis - 1];
        var names = graph.Names.ToHashSet(StringComparer.Ordinal);
        var (columns, mirrored, suffix) = (Unused("mlpipelines.columns", names), Unused("mlpipelines.mirror", names), ".mirror");
        while (names.Any(name => name.EndsWith(suffix, StringComparison.Ordinal))) suffix += "_";
        graph.Initializer(columns, OnnxTensor.Of<long>([.. Enumerable.Range(1, width).Select(column => (long)(width - column))], width))
            .Node("Gather", [Input, columns], [mirrored], new() { ["axis"] = axis })
            .Repeat(Input, mirrored, suffix);
        return graph.Node("Mean", [single, single + suffix], [Embedding]);
    }

    private static string Unused(string name, HashSet<string> taken)
    {
        while (taken.Contains(name)) name += "_";
        return name;
    }

    /// <summary>The model from its input to <see cref="Embedding"/> as its only output: the bytes of an ONNX file.</summary>
    public byte[] ToBytes() => Graph().Output(Embedding, TensorElementType.Float, Batch, Length).ToBytes();

    /// <summary>How the size of a batch is declared: as the model's input declares it.</summary>
    internal OnnxDimension Batch => model.Inputs[0].Dimensions is [{ Size: { } size }, ..] ? size : "N";

    private static string BeforeLastWeights(OnnxModelFile model, string source)
    {
        var constants = model.Initializers.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var makers = model.Nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).Where(pair => pair.output.Length > 0)
            .DistinctBy(pair => pair.output).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        var name = model.Outputs[0].Name;

        // Behind the last weights stand the bias, pooling, reshaping and softmax; each reads what it changes first, or beside constants.
        while (makers.TryGetValue(name, out var maker))
        {
            var data = maker.Inputs.FirstOrDefault(input => makers.ContainsKey(input) && !IsConstant(input, constants, makers));
            if (data is null) break;
            if (weighted.Contains(maker.OperatorType) && maker.Inputs.Any(input => IsConstant(input, constants, makers))) return data;
            name = data;
        }

        throw new NotSupportedException($"'{source}' has no node with weights ({string.Join(", ", weighted)}) behind another; name the value to build on with --embedding.");
    }

    // Weights may pass through a reshape, as in the zoo's MNIST.
    private static bool IsConstant(string name, HashSet<string> constants, Dictionary<string, OnnxNode> makers) =>
        constants.Contains(name) || (makers.TryGetValue(name, out var maker) && maker.OperatorType is "Constant" or "Reshape" or "Transpose" or "Identity" or "DequantizeLinear"
            && maker.Inputs.All(input => IsConstant(input, constants, makers)));

    private static IReadOnlyList<long> ShapeOf(OnnxModelFile model, string source, IReadOnlyList<int> dimensions, string tensor)
    {
        try
        {
            using var session = OnnxSession.Open(model.WithOutputs(tensor));
            var image = OnnxTensor.Of(new float[dimensions.Aggregate(1, (product, size) => product * size)], [1, .. dimensions]);
            var value = session.Run([KeyValuePair.Create(model.Inputs[0].Name, image)], [tensor])[0];
            return value.ElementType == TensorElementType.Float
                ? value.Dimensions
                : throw new NotSupportedException($"The value '{tensor}' of '{source}' is {value.ElementType}; an embedding is Float.");
        }
        catch (OnnxModelException error)
        {
            throw new InvalidDataException($"'{source}' cannot be run on images of [{string.Join(",", dimensions)}]: {error.Message}", error);
        }
    }
}
