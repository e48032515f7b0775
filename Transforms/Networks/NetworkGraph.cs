using MLPipelines.Learning;
using MLPipelines.Onnx;

namespace MLPipelines.Transforms;

/// <summary>A constant of a graph that is one of a network's tensors, perhaps in another order.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Dimensions">In the graph.</param>
/// <param name="Tensor">In the network.</param>
/// <param name="IsState">Whether it is one of <see cref="NetworkShape.State"/>.</param>
/// <param name="Order">For each place in the graph the place in the tensor; null where they are the same.</param>
internal sealed record GraphConstant(string Name, long[] Dimensions, ParameterTensor Tensor, bool IsState, int[]? Order);

/// <summary>Lays a network out as ONNX operators: what a node is called, what it reads, and where each of its weights comes from.</summary>
/// <remarks>
/// ONNX keeps images as planes (N×C×H×W), the network as pixels (H×W×C). The planes stay as they are up to the first dense layer, whose
/// rows are brought into the order in which flattened planes arrive. Dropout does nothing in use and is left out.
/// </remarks>
internal sealed class NetworkGraph
{
    private readonly OnnxGraphBuilder builder;
    private readonly Func<GraphConstant, float[]> valuesOf;
    private readonly HashSet<string> taken;
    private readonly string output;

    private NetworkGraph(OnnxGraphBuilder builder, Func<GraphConstant, float[]> valuesOf, IEnumerable<string> taken, string output)
    {
        (this.builder, this.valuesOf, this.output) = (builder, valuesOf, output);
        this.taken = [.. taken, output];
    }

    /// <summary>What a value in the graph is, seen from the network.</summary>
    private enum Arrangement
    {
        /// <summary>N×C×H×W.</summary>
        Planes,

        /// <summary>N×n, in the order of the network.</summary>
        Vector,

        /// <summary>N×n, plane after plane.</summary>
        FlatPlanes,
    }

    /// <summary>Adds all layers of a network to a graph.</summary>
    /// <param name="builder">Has the value <paramref name="input"/>.</param>
    /// <param name="shape">The network.</param>
    /// <param name="input">What the first layer reads: N×C×H×W, or N×n where <paramref name="inputIsVector"/>.</param>
    /// <param name="inputIsVector">Whether samples are vectors.</param>
    /// <param name="output">What the logits are called.</param>
    /// <param name="taken">Names that the graph uses already; layers of such a name get one with an underscore.</param>
    /// <param name="valuesOf">Gives each constant its numbers, in the graph's order.</param>
    public static void Append(
        OnnxGraphBuilder builder, NetworkShape shape, string input, bool inputIsVector, string output, IEnumerable<string> taken,
        Func<GraphConstant, float[]> valuesOf)
    {
        var graph = new NetworkGraph(builder, valuesOf, taken.Append(input), output);
        var last = shape.Layers.LastOrDefault(layer => layer.Definition is not Dropout);
        var value = graph.Add(shape.Layers, new Value(input, shape.Input, inputIsVector ? Arrangement.Vector : Arrangement.Planes), last);
        value = graph.AsVector(value);
        if (value.Name != output) builder.Node("Identity", [value.Name], [output]);
    }

    private Value Add(IReadOnlyList<LayerShape> layers, Value value, LayerShape? last)
    {
        foreach (var layer in layers) value = Add(layer, value, layer == last);
        return value;
    }

    private Value Add(LayerShape layer, Value value, bool isLast) => layer.Definition switch
    {
        Convolution convolution => AddConvolution(layer, convolution, AsPlanes(value)),
        Dense => AddDense(layer, Flattened(layer, value), isLast ? output : null),
        BatchNormalization normalization =>
            AddNormalization(layer, normalization, value.Arrangement == Arrangement.FlatPlanes ? AsVector(value) : value),
        Relu => Node("Relu", layer, value, [], null, value.Arrangement),
        MaxPooling pool => Node("MaxPool", layer, AsPlanes(value), [], Window(pool.Size, pool.Stride), Arrangement.Planes),
        AveragePooling pool => Node("AveragePool", layer, AsPlanes(value), [], Window(pool.Size, pool.Stride), Arrangement.Planes),
        GlobalAveragePooling => Node("GlobalAveragePool", layer, AsPlanes(value), [], null, Arrangement.Planes),
        Dropout => value,
        Flatten => Flattened(layer, value),
        Residual => AddResidual(layer, value),
        var other => throw new NotSupportedException($"Layer '{layer.Name}' is of the type {other.Type}, which has no ONNX form here."),
    };

    private Value AddConvolution(LayerShape layer, Convolution convolution, Value input)
    {
        long padding = convolution.Padding.For(convolution.Kernel);
        var kernel = layer.Weights[0].Dimensions;
        string[] constants =
        [
            Constant(layer.Weights[0], [kernel[3], kernel[2], kernel[0], kernel[1]], KernelsFirst(kernel)),
            .. layer.Weights.Skip(1).Select(bias => Constant(bias, [bias.Length])),
        ];
        return Node("Conv", layer, input, constants, new()
        {
            ["kernel_shape"] = new long[] { convolution.Kernel, convolution.Kernel },
            ["strides"] = new long[] { convolution.Stride, convolution.Stride },
            ["pads"] = new[] { padding, padding, padding, padding },
            ["group"] = convolution.Groups,
        }, Arrangement.Planes);
    }

    private Value AddDense(LayerShape layer, Value input, string? name)
    {
        var weights = layer.Weights[0];
        var order = input.Arrangement == Arrangement.FlatPlanes ? RowsByPlane(input.Shape, weights.Dimensions[1]) : null;
        string[] constants =
        [
            Constant(weights, [weights.Dimensions[0], weights.Dimensions[1]], order),
            .. layer.Weights.Skip(1).Select(bias => Constant(bias, [bias.Length])),
        ];
        return Node("Gemm", layer, input, constants, null, Arrangement.Vector, name);
    }

    private Value AddNormalization(LayerShape layer, BatchNormalization normalization, Value input)
    {
        string[] constants =
        [
            .. layer.Weights.Select(tensor => Constant(tensor, [tensor.Length])),
            .. layer.State.Select(tensor => Constant(tensor, [tensor.Length], isState: true)),
        ];
        return Node(
            "BatchNormalization", layer, input, constants,
            new() { ["epsilon"] = normalization.Epsilon, ["momentum"] = normalization.Momentum }, input.Arrangement);
    }

    private Value AddResidual(LayerShape layer, Value input)
    {
        var (main, shortcut) = (Add(layer.Branches[0], input, null), Add(layer.Branches[1], input, null));
        if (main.Arrangement != Arrangement.Planes || shortcut.Arrangement != Arrangement.Planes)
            (main, shortcut) = (AsVector(main), AsVector(shortcut));
        return Node("Add", layer, main, [shortcut.Name], null, main.Arrangement);
    }

    private Value Node(
        string type,
        LayerShape layer,
        Value input,
        ReadOnlySpan<string> constants,
        Dictionary<string, OnnxAttributeValue>? attributes,
        Arrangement arrangement,
        string? name = null)
    {
        var unused = Unused(layer.Name);
        name ??= unused;
        builder.Node(type, [input.Name, .. constants], [name], attributes, unused);

        // The order of flattened planes is that of the image they were; what a layer says of them is that they are a vector.
        return new Value(name, arrangement == Arrangement.FlatPlanes ? input.Shape : layer.Output, arrangement);
    }

    private Value Flattened(LayerShape layer, Value value)
    {
        if (value.Arrangement != Arrangement.Planes) return value;
        var name = Unused(layer.Definition is Flatten ? layer.Name : layer.Name + ".flat");
        builder.Node("Flatten", [value.Name], [name], new() { ["axis"] = 1 });
        var (height, width, channels) = value.Shape;
        return height * width == 1 || channels == 1
            ? new Value(name, ImageShape.Vector(value.Shape.Size), Arrangement.Vector)
            : new Value(name, value.Shape, Arrangement.FlatPlanes);
    }

    private Value AsPlanes(Value value)
    {
        if (value.Arrangement == Arrangement.Planes) return value;
        value = AsVector(value);
        return Reshaped(value, ".planes", value.Shape) with { Arrangement = Arrangement.Planes };
    }

    private Value AsVector(Value value)
    {
        if (value.Arrangement == Arrangement.Vector) return value;
        if (value.Arrangement == Arrangement.FlatPlanes)
        {
            var planes = Reshaped(value, ".planes", value.Shape);
            value = value with { Name = Unused(value.Name + ".pixels") };
            builder.Node("Transpose", [planes.Name], [value.Name], new() { ["perm"] = new long[] { 0, 2, 3, 1 } });
        }

        var name = Unused(value.Name + ".flat");
        builder.Node("Flatten", [value.Name], [name], new() { ["axis"] = 1 });
        return new Value(name, ImageShape.Vector(value.Shape.Size), Arrangement.Vector);
    }

    private Value Reshaped(Value value, string suffix, ImageShape shape)
    {
        var (name, sizes) = (Unused(value.Name + suffix), Unused(value.Name + suffix + ".sizes"));
        builder.Initializer(sizes, OnnxTensor.Of<long>([0, shape.Channels, shape.Height, shape.Width], 4));
        builder.Node("Reshape", [value.Name, sizes], [name]);
        return value with { Name = name };
    }

    private string Constant(ParameterTensor tensor, long[] dimensions, int[]? order = null, bool isState = false)
    {
        var constant = new GraphConstant(Unused(tensor.Name), dimensions, tensor, isState, order);
        builder.Initializer(constant.Name, OnnxTensor.Of(valuesOf(constant), dimensions));
        return constant.Name;
    }

    private string Unused(string name)
    {
        while (!taken.Add(name)) name += "_";
        return name;
    }

    private static Dictionary<string, OnnxAttributeValue> Window(int size, int? stride) => new()
    {
        ["kernel_shape"] = new long[] { size, size },
        ["strides"] = new long[] { stride ?? size, stride ?? size },
    };

    /// <summary>[height, width, inputs, outputs] read as [outputs, inputs, height, width].</summary>
    private static int[] KernelsFirst(IReadOnlyList<int> kernel)
    {
        var (area, inputs, outputs) = (kernel[0] * kernel[1], kernel[2], kernel[3]);
        var order = new int[area * inputs * outputs];
        var at = 0;
        for (var o = 0; o < outputs; o++)
            for (var i = 0; i < inputs; i++)
                for (var k = 0; k < area; k++)
                    order[at++] = (k * inputs + i) * outputs + o;
        return order;
    }

    /// <summary>Rows for (height, width, channel) read in the order (channel, height, width).</summary>
    private static int[] RowsByPlane(ImageShape shape, int columns)
    {
        var (area, channels) = (shape.Height * shape.Width, shape.Channels);
        var order = new int[area * channels * columns];
        var at = 0;
        for (var c = 0; c < channels; c++)
            for (var p = 0; p < area; p++)
                for (var column = 0; column < columns; column++)
                    order[at++] = (p * channels + c) * columns + column;
        return order;
    }

    /// <summary>A value of the graph; <paramref name="Shape"/> is that of the image where planes were flattened.</summary>
    private readonly record struct Value(string Name, ImageShape Shape, Arrangement Arrangement);
}
