using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>The largest of each window; of equal values the first, row by row, takes the gradient.</summary>
internal sealed class ReferenceMaxPooling(LayerShape shape, int size, int stride, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    private int[] chosen = [];

    public override double[] Backward(double[] outputGradients)
    {
        var inputGradients = new double[Input.Length];
        for (var y = 0; y < chosen.Length; y++) inputGradients[chosen[y]] += outputGradients[y];
        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var output = NewOutput();
        chosen = new int[output.Length];
        Array.Fill(output, double.NegativeInfinity);
        PoolingWindows.ForEachPair(In, Out, Samples, size, stride, (x, y) =>
        {
            if (Input[x] <= output[y]) return;
            output[y] = Input[x];
            chosen[y] = x;
        });
        return output;
    }
}

/// <summary>The mean of each window.</summary>
internal sealed class ReferenceAveragePooling(LayerShape shape, int size, int stride, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    public override double[] Backward(double[] outputGradients)
    {
        var inputGradients = new double[Input.Length];
        PoolingWindows.ForEachPair(In, Out, Samples, size, stride, (x, y) => inputGradients[x] += outputGradients[y] / (size * size));
        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var output = NewOutput();
        PoolingWindows.ForEachPair(In, Out, Samples, size, stride, (x, y) => output[y] += Input[x] / (size * size));
        return output;
    }
}

/// <summary>The mean of each channel over height and width.</summary>
internal sealed class ReferenceGlobalAveragePooling(LayerShape shape, ReferenceNetwork network) : ReferenceLayer(shape, network)
{
    private int Pixels => In.Height * In.Width;

    public override double[] Backward(double[] outputGradients)
    {
        var inputGradients = new double[Input.Length];
        for (var x = 0; x < Input.Length; x++) inputGradients[x] = outputGradients[MeanOf(x)] / Pixels;
        return inputGradients;
    }

    protected override double[] Compute(bool training)
    {
        var output = NewOutput();
        for (var x = 0; x < Input.Length; x++) output[MeanOf(x)] += Input[x] / Pixels;
        return output;
    }

    private int MeanOf(int x) => x / In.Size * In.Channels + x % In.Channels;
}

/// <summary>Which inputs belong to which output of a pooling layer.</summary>
internal static class PoolingWindows
{
    /// <summary>Calls with the place of an input and that of the output whose window it is in, each window row by row.</summary>
    public static void ForEachPair(ImageShape input, ImageShape output, int samples, int size, int stride, Action<int, int> pair)
    {
        for (var sample = 0; sample < samples; sample++)
        for (var row = 0; row < output.Height; row++)
        for (var column = 0; column < output.Width; column++)
        for (var channel = 0; channel < output.Channels; channel++)
        for (var windowRow = 0; windowRow < size; windowRow++)
        for (var windowColumn = 0; windowColumn < size; windowColumn++)
        {
            pair(
                ((sample * input.Height + row * stride + windowRow) * input.Width + column * stride + windowColumn) * input.Channels + channel,
                ((sample * output.Height + row) * output.Width + column) * output.Channels + channel);
        }
    }
}
