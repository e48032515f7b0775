using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>A network, a batch size, and made-up numbers for both, the same at every run and in <c>record_gradients.py</c>.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Samples">How many samples are in the batch.</param>
/// <param name="Layers">All but the last one, which is a dense one for <paramref name="Classes"/>.</param>
/// <param name="Classes">How many logits there are.</param>
/// <param name="EndsDense">False where <paramref name="Layers"/> are all, and give one number per class.</param>
public sealed record NetworkCase(string Name, ImageShape Input, int Samples, LayerDefinition[] Layers, int Classes = 3, bool EndsDense = true)
{
    public NetworkShape Shape { get; } = NetworkShape.Of(
        new NetworkDefinition { Name = Name, Layers = EndsDense ? [.. Layers, new Dense()] : Layers }, Input, Classes);

    /// <summary>The same with another rate for every dropout outside of residuals.</summary>
    public NetworkCase WithDropout(float rate) =>
        new(Name, Input, Samples, [.. Layers.Select(layer => layer is Dropout dropout ? dropout with { Rate = rate } : layer)], Classes, EndsDense);

    /// <summary>The network with <see cref="MakeWeights"/> and <see cref="MakeState"/>.</summary>
    public Network MakeNetwork() => new(Shape, Array.ConvertAll(MakeWeights(), value => (float)value), Array.ConvertAll(MakeState(), value => (float)value));

    /// <summary>Weights of about the size that keeps the values of all layers near 1; multiples of 2⁻²⁰, exact as float.</summary>
    public double[] MakeWeights()
    {
        var random = new SeededRandom(SeededRandom.Key(1, (ulong)Shape.WeightCount));
        var weights = new double[Shape.WeightCount];
        foreach (var tensor in Shape.Weights)
        {
            var fanIn = tensor.Dimensions.Count == 1 ? 4 : tensor.Length / tensor.Dimensions[^1];
            var (middle, width) = tensor.Name.EndsWith(".scale", StringComparison.Ordinal) ? (1, 0.5) : (0, Math.Sqrt(6.0 / fanIn));
            Draw(ref random, weights.AsSpan(tensor.Offset, tensor.Length), middle, width);
        }

        return weights;
    }

    /// <summary>Running means around 0 and variances from ½ to 1½.</summary>
    public double[] MakeState()
    {
        var random = new SeededRandom(SeededRandom.Key(2, (ulong)Shape.StateCount));
        var state = new double[Shape.StateCount];
        foreach (var tensor in Shape.State)
            Draw(ref random, state.AsSpan(tensor.Offset, tensor.Length), tensor.Name.EndsWith(".variance", StringComparison.Ordinal) ? 1 : 0, 0.5);
        return state;
    }

    /// <summary>A batch of inputs from −1 to 1; each <paramref name="batch"/> is another.</summary>
    public double[] MakeInputs(int samples, int batch = 0) => Drawn(SeededRandom.Key(3, (ulong)batch), samples * Input.Size);

    /// <summary>Gradients of the logits from −1 to 1.</summary>
    public double[] MakeLogitGradients(int samples, int batch = 0) => Drawn(SeededRandom.Key(4, (ulong)batch), samples * Classes);

    public override string ToString() => Name;

    private static double[] Drawn(ulong key, int count)
    {
        var random = new SeededRandom(key);
        var values = new double[count];
        Draw(ref random, values, 0, 1);
        return values;
    }

    private static void Draw(ref SeededRandom random, Span<double> values, double middle, double width)
    {
        const double Grain = 1 << 20;
        foreach (ref var value in values) value = Math.Round((middle + width * (2 * random.NextDouble() - 1)) * Grain) / Grain;
    }
}
