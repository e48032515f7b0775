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
        for (var sample = 0; sample < Samples; sample++)
        for (var o = 0; o < Outputs; o++)
        {
            var gradient = outputGradients[sample * Outputs + o];
            if (dense.Bias) Gradients(1)[o] += gradient;
            for (var i = 0; i < Inputs; i++)
            {
                inputGradients[sample * Inputs + i] += Weights(0)[i * Outputs + o] * gradient;
                Gradients(0)[i * Outputs + o] += Input[sample * Inputs + i] * gradient;
            }
        }

        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var output = NewOutput();
        for (var sample = 0; sample < Samples; sample++)
        for (var o = 0; o < Outputs; o++)
        {
            var sum = dense.Bias ? Weights(1)[o] : 0;
            for (var i = 0; i < Inputs; i++) sum += Input[sample * Inputs + i] * Weights(0)[i * Outputs + o];
            output[sample * Outputs + o] = sum;
        }

        return output;
    }
}
