using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Decides what dropout keeps: true for a value that stays.</summary>
internal delegate bool DropoutMask(string layer, int sample, int position);

/// <summary>What a network computes, by plain loops in double precision: the yardstick that the fast engine must equal.</summary>
/// <remarks>
/// Written from the doc comments of <see cref="LayerDefinition"/> and <see cref="ParameterTensor"/> alone. Its own gradients are checked
/// by finite differences (<see cref="ReferenceNetworkTests"/>), its outputs and gradients by PyTorch's (<see cref="RecordedTorchTests"/>).
/// </remarks>
/// <param name="shape">The network.</param>
/// <param name="weights">The tensors of <see cref="NetworkShape.Weights"/>, one after the other; kept, so that a test may change them.</param>
/// <param name="state">The tensors of <see cref="NetworkShape.State"/>; kept, and moved by <see cref="Forward"/> in training.</param>
/// <param name="dropout">Null keeps every value, and still divides by what is left.</param>
internal sealed class ReferenceNetwork(NetworkShape shape, double[] weights, double[] state, DropoutMask? dropout = null)
{
    private ReferenceLayer[]? layers;
    private bool isTrained;

    public NetworkShape Shape => shape;

    public double[] Weights => weights;

    public double[] State => state;

    /// <summary>The gradients of <see cref="Weights"/>, of the last <see cref="Backward"/>.</summary>
    public double[] Gradients { get; } = new double[weights.Length];

    /// <summary>The gradients of the inputs, of the last <see cref="Backward"/>.</summary>
    public double[] InputGradients { get; private set; } = [];

    public DropoutMask Dropout { get; } = dropout ?? ((_, _, _) => true);

    /// <summary>The logits of samples that lie one after the other, channels last.</summary>
    public double[] Forward(double[] inputs, int samples, bool training)
    {
        Assert.HasCount(samples * shape.Input.Size, inputs);
        layers ??= [.. shape.Layers.Select(layer => ReferenceLayer.Of(layer, this))];
        isTrained = training;
        return layers.Aggregate(inputs, (values, layer) => layer.Forward(values, samples, training));
    }

    /// <summary>Computes <see cref="Gradients"/> and <see cref="InputGradients"/> for the samples of the last <see cref="Forward"/>, which
    /// was one in training.</summary>
    public double[] Backward(double[] logitGradients)
    {
        Assert.IsTrue(isTrained, "Backward follows a Forward in training.");
        Array.Clear(Gradients);
        InputGradients = layers!.Reverse().Aggregate(logitGradients, (gradients, layer) => layer.Backward(gradients));
        return Gradients;
    }
}
