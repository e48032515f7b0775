using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary><c>γ x̂ + β</c> with <c>x̂ = (x − mean) / √(variance + ε)</c> per channel (Ioffe and Szegedy 2015).</summary>
/// <remarks>Backward through the batch's own mean and variance: <c>dx = γ / √(variance + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂))</c>.</remarks>
internal sealed class ReferenceBatchNormalization(LayerShape shape, BatchNormalization normalization, ReferenceNetwork network)
    : ReferenceLayer(shape, network)
{
    private double[] normalized = [];
    private double[] deviations = [];

    private int Channels => In.Channels;

    /// <summary>How many values of the batch a channel has.</summary>
    private int Count => Input.Length / Channels;

    public override double[] Backward(double[] outputGradients)
    {
        var inputGradients = new double[Input.Length];
        for (var c = 0; c < Channels; c++)
        {
            double sum = 0, sumNormalized = 0;
            for (var i = c; i < Input.Length; i += Channels)
            {
                sum += outputGradients[i];
                sumNormalized += outputGradients[i] * normalized[i];
            }

            Gradients(0)[c] = sumNormalized;
            Gradients(1)[c] = sum;
            for (var i = c; i < Input.Length; i += Channels)
                inputGradients[i] = Weights(0)[c] / deviations[c] * (outputGradients[i] - sum / Count - normalized[i] * sumNormalized / Count);
        }

        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var output = NewOutput();
        normalized = new double[Input.Length];
        deviations = new double[Channels];
        for (var c = 0; c < Channels; c++)
        {
            var (mean, variance) = training ? MeasuredOf(c) : (State(0)[c], State(1)[c]);
            deviations[c] = Math.Sqrt(variance + normalization.Epsilon);
            for (var i = c; i < Input.Length; i += Channels)
            {
                normalized[i] = (Input[i] - mean) / deviations[c];
                output[i] = Weights(0)[c] * normalized[i] + Weights(1)[c];
            }
        }

        return output;
    }

    /// <summary>The mean and the (biased) variance of the batch; moves the running ones, of which the variance is unbiased.</summary>
    private (double Mean, double Variance) MeasuredOf(int channel)
    {
        double mean = 0, variance = 0;
        for (var i = channel; i < Input.Length; i += Channels) mean += Input[i] / Count;
        for (var i = channel; i < Input.Length; i += Channels) variance += (Input[i] - mean) * (Input[i] - mean) / Count;
        State(0)[channel] += (1.0 - normalization.Momentum) * (mean - State(0)[channel]);
        State(1)[channel] += (1.0 - normalization.Momentum) * (variance * Count / Math.Max(1, Count - 1) - State(1)[channel]);
        return (mean, variance);
    }
}
