using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary><c>max(x, 0)</c>; its derivative at 0 is 0.</summary>
internal sealed class ReferenceRelu(LayerShape shape, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    public override double[] Backward(double[] outputGradients) => [.. outputGradients.Select((gradient, i) => Input[i] > 0 ? gradient : 0)];

    protected override double[] Compute(bool training) => [.. Input.Select(x => Math.Max(x, 0))];
}

/// <summary>In training what the mask keeps, divided by the share that is kept; in use the input.</summary>
internal sealed class ReferenceDropout(LayerShape shape, Dropout dropout, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    private double[] factors = [];

    public override double[] Backward(double[] outputGradients) => [.. outputGradients.Select((gradient, i) => gradient * factors[i])];

    protected override double[] Compute(bool training)
    {
        if (!training) return Input;
        factors = [.. Input.Select((_, i) => Network.Dropout(Name, i / In.Size, i % In.Size) ? 1 / (1.0 - dropout.Rate) : 0)];
        return [.. Input.Select((x, i) => x * factors[i])];
    }
}

/// <summary>The same numbers under another shape.</summary>
internal sealed class ReferenceFlatten(LayerShape shape, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    public override double[] Backward(double[] outputGradients) => outputGradients;

    protected override double[] Compute(bool training) => Input;
}
