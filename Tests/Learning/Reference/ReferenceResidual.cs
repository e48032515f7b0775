using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>The sum of two branches over the same input; a branch without layers is the input itself.</summary>
internal sealed class ReferenceResidual(LayerShape shape, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    private readonly ReferenceLayer[][] branches = [.. shape.Branches.Select(branch => branch.Select(layer => Of(layer, network)).ToArray())];

    public override double[] Backward(double[] outputGradients) =>
        SumOf(branch => branch.Reverse().Aggregate(outputGradients, (gradients, layer) => layer.Backward(gradients)));

    protected override double[] Compute(bool training) =>
        SumOf(branch => branch.Aggregate(Input, (values, layer) => layer.Forward(values, Samples, training)));

    private double[] SumOf(Func<ReferenceLayer[], double[]> ofBranch) => [.. ofBranch(branches[0]).Zip(ofBranch(branches[1]), (a, b) => a + b)];
}
