using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary><c>y[p, o] = bias[o] + Σ x[p·stride + k − padding, i] · w[k, i, o]</c>, over the inputs <c>i</c> of the group of <c>o</c>.</summary>
internal sealed class ReferenceConvolution(LayerShape shape, Convolution convolution, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    public override double[] Backward(double[] outputGradients)
    {
        double[] inputGradients = new double[Input.Length], weights = Weights(0).ToArray(), gradients = new double[weights.Length];
        ForEachInput((x, w, y, outputs) =>
        {
            for (var o = 0; o < outputs; o++)
            {
                inputGradients[x] += weights[w + o] * outputGradients[y + o];
                gradients[w + o] += Input[x] * outputGradients[y + o];
            }
        });
        gradients.CopyTo(Gradients(0));
        if (convolution.Bias)
        {
            for (var y = 0; y < outputGradients.Length; y++) Gradients(1)[y % Out.Channels] += outputGradients[y];
        }

        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        double[] output = NewOutput(), weights = Weights(0).ToArray();
        ForEachInput((x, w, y, outputs) =>
        {
            for (var o = 0; o < outputs; o++) output[y + o] += Input[x] * weights[w + o];
        });
        if (convolution.Bias)
        {
            for (var y = 0; y < output.Length; y++) output[y] += Weights(1)[y % Out.Channels];
        }

        return output;
    }

    /// <summary>Calls with the place of each input of each output pixel, of the first weight it is multiplied with, and of the first output that
    /// sums the product; the other outputs of the group follow, of weights as of outputs. The padding is 0 and left out.</summary>
    private void ForEachInput(Action<int, int, int, int> product)
    {
        var (kernel, padding) = (convolution.Kernel, convolution.Padding.For(convolution.Kernel));
        int inputs = In.Channels / convolution.Groups, outputs = Out.Channels / convolution.Groups;
        for (var sample = 0; sample < Samples; sample++)
        for (var row = 0; row < Out.Height; row++)
        for (var column = 0; column < Out.Width; column++)
        for (var ky = 0; ky < kernel; ky++)
        for (var kx = 0; kx < kernel; kx++)
        {
            int inputRow = row * convolution.Stride + ky - padding, inputColumn = column * convolution.Stride + kx - padding;
            if (inputRow < 0 || inputRow >= In.Height || inputColumn < 0 || inputColumn >= In.Width) continue;
            for (var group = 0; group < convolution.Groups; group++)
            for (var i = 0; i < inputs; i++)
            {
                product(
                    At(In, sample, inputRow, inputColumn, group * inputs + i),
                    ((ky * kernel + kx) * inputs + i) * Out.Channels + group * outputs,
                    At(Out, sample, row, column, group * outputs),
                    outputs);
            }
        }
    }
}
