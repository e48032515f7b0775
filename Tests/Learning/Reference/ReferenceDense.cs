using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary><c>y[o] = bias[o] + Σ x[i] · w[i, o]</c>.</summary>
internal sealed class ReferenceDense(LayerShape shape, Dense dense, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    private int Inputs => In.Size;

    private int Outputs => Out.Size;

    public override double[] Backward(double[] outputGradients)
    {
        var inputGradients = new double[Input.Length];
        var (weights, gradients) = (Weights(0).ToArray(), new double[Inputs * Outputs]);
        for (var sample = 0; sample < Samples; sample++)
        for (var o = 0; o < Outputs; o++)
        {
            var gradient = outputGradients[sample * Outputs + o];
            if (dense.Bias) Gradients(1)[o] += gradient;
            for (var i = 0; i < Inputs; i++)
            {
                inputGradients[sample * Inputs + i] += weights[i * Outputs + o] * gradient;
                gradients[i * Outputs + o] += Input[sample * Inputs + i] * gradient;
            }
        }

        gradients.CopyTo(Gradients(0));
        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var (output, weights) = (NewOutput(), Weights(0).ToArray());
        for (var sample = 0; sample < Samples; sample++)
        for (var o = 0; o < Outputs; o++)
        {
            var sum = dense.Bias ? Weights(1)[o] : 0;
            for (var i = 0; i < Inputs; i++) sum += Input[sample * Inputs + i] * weights[i * Outputs + o];
            output[sample * Outputs + o] = sum;
        }

        return output;
    }
}
