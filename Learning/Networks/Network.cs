namespace MLPipelines.Learning;

/// <summary>A network's shape with its numbers: what is trained, exported and imported. It computes nothing; a <see cref="NetworkShape"/> with two arrays.</summary>
/// <remarks>The arrays are the network's own and may be written; whoever runs or trains the network sees it at once.</remarks>
public sealed class Network
{
    /// <summary>A network of given numbers, which are kept and not copied.</summary>
    /// <param name="shape">Layers and tensors.</param>
    /// <param name="weights">All that is learnt, as <see cref="NetworkShape.Weights"/> lays it out.</param>
    /// <param name="state">All that is measured, as <see cref="NetworkShape.State"/> lays it out.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the shape has places.</exception>
    public Network(NetworkShape shape, float[] weights, float[] state)
    {
        if (weights.Length != shape.WeightCount)
            throw new ArgumentException($"{weights.Length} weights were given for '{shape.Definition.Name}', which has {shape.WeightCount}.", nameof(weights));
        if (state.Length != shape.StateCount)
            throw new ArgumentException($"{state.Length} measured numbers were given for '{shape.Definition.Name}', which has {shape.StateCount}.", nameof(state));
        (Shape, Weights, State) = (shape, weights, state);
    }

    /// <summary>The layers and where their tensors lie.</summary>
    public NetworkShape Shape { get; }

    /// <summary>All that is learnt, one tensor after the other.</summary>
    public float[] Weights { get; }

    /// <summary>What is measured and not learnt: running means and variances.</summary>
    public float[] State { get; }

    /// <summary>A network ready to be trained.</summary>
    /// <remarks>
    /// Convolutions and dense layers begin with normal numbers of deviation √(2 / inputs of an output) (He et al. 2015), which suits the ReLU after
    /// them; the last dense layer, which none follows, with uniform ones within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010). Biases
    /// begin at 0, batch normalisation with scale 1, shift 0, mean 0 and variance 1. Each tensor draws from a sequence of its own, so a layer
    /// that is added later leaves those before it as they were.
    /// </remarks>
    /// <param name="shape">Layers and tensors.</param>
    /// <param name="seed">Another seed, other numbers.</param>
    public static Network Create(NetworkShape shape, int seed)
    {
        var network = new Network(shape, new float[shape.WeightCount], new float[shape.StateCount]);
        var last = shape.AllLayers.LastOrDefault(layer => layer.Definition is Convolution or Dense);
        var tensors = 0UL;
        foreach (var layer in shape.AllLayers)
        {
            foreach (var tensor in layer.Weights)
            {
                var random = new SeededRandom(SeededRandom.Key((ulong)seed, tensors++));
                var values = network.WeightsOf(tensor);
                if (layer.Definition is BatchNormalization) values.Fill(tensor == layer.Weights[0] ? 1 : 0);
                else if (tensor == layer.Weights[0]) Fill(values, tensor, layer.Definition is Dense && layer == last, ref random);
            }

            if (layer.Definition is BatchNormalization) network.StateOf(layer.State[1]).Fill(1);
        }

        return network;
    }

    /// <summary>The numbers of one of the shape's <see cref="NetworkShape.Weights"/>.</summary>
    public Span<float> WeightsOf(ParameterTensor tensor) => Weights.AsSpan(tensor.Offset, tensor.Length);

    /// <summary>The numbers of one of the shape's <see cref="NetworkShape.State"/>.</summary>
    public Span<float> StateOf(ParameterTensor tensor) => State.AsSpan(tensor.Offset, tensor.Length);

    /// <summary>A network of the same shape with numbers of its own.</summary>
    public Network Copy() => new(Shape, [.. Weights], [.. State]);

    private static void Fill(Span<float> values, ParameterTensor tensor, bool isLast, ref SeededRandom random)
    {
        var outputs = tensor.Dimensions[^1];
        var inputs = tensor.Length / outputs;
        if (isLast)
        {
            var limit = Math.Sqrt(6.0 / (inputs + outputs));
            foreach (ref var value in values) value = (float)(limit * (2 * random.NextDouble() - 1));
        }
        else
        {
            var deviation = Math.Sqrt(2.0 / inputs);
            foreach (ref var value in values) value = (float)(deviation * random.NextNormal());
        }
    }
}
