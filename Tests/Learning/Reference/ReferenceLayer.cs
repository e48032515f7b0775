using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>A layer of a <see cref="ReferenceNetwork"/>: remembers its input, and adds to the network's gradients.</summary>
internal abstract class ReferenceLayer(LayerShape shape, ReferenceNetwork network)
{
    protected ReferenceNetwork Network => network;

    protected string Name => shape.Name;

    protected ImageShape In => shape.Input;

    protected ImageShape Out => shape.Output;

    protected int Samples { get; private set; }

    protected double[] Input { get; private set; } = [];

    public static ReferenceLayer Of(LayerShape shape, ReferenceNetwork network) => shape.Definition switch
    {
        Convolution convolution => new ReferenceConvolution(shape, convolution, network),
        Dense dense => new ReferenceDense(shape, dense, network),
        BatchNormalization normalization => new ReferenceBatchNormalization(shape, normalization, network),
        Relu => new ReferenceRelu(shape, network),
        MaxPooling pooling => new ReferenceMaxPooling(shape, pooling.Size, pooling.Stride ?? pooling.Size, network),
        AveragePooling pooling => new ReferenceAveragePooling(shape, pooling.Size, pooling.Stride ?? pooling.Size, network),
        GlobalAveragePooling => new ReferenceGlobalAveragePooling(shape, network),
        Dropout dropout => new ReferenceDropout(shape, dropout, network),
        Flatten => new ReferenceFlatten(shape, network),
        Residual => new ReferenceResidual(shape, network),
        var other => throw new NotSupportedException($"Layer '{shape.Name}' is of the type {other.Type}; write its reference."),
    };

    public double[] Forward(double[] input, int samples, bool training)
    {
        (Input, Samples) = (input, samples);
        return Compute(training);
    }

    /// <summary>The gradients of the input from those of the output.</summary>
    public abstract double[] Backward(double[] outputGradients);

    /// <summary>The output for <see cref="Input"/>.</summary>
    protected abstract double[] Compute(bool training);

    protected double[] NewOutput() => new double[Samples * Out.Size];

    protected Span<double> Weights(int tensor) => Part(network.Weights, shape.Weights[tensor]);

    protected Span<double> Gradients(int tensor) => Part(network.Gradients, shape.Weights[tensor]);

    protected Span<double> State(int tensor) => Part(network.State, shape.State[tensor]);

    /// <summary>Where a value of a sample lies: samples, rows, columns, channels.</summary>
    protected static int At(ImageShape image, int sample, int row, int column, int channel) =>
        ((sample * image.Height + row) * image.Width + column) * image.Channels + channel;

    private static Span<double> Part(double[] all, ParameterTensor tensor) => all.AsSpan(tensor.Offset, tensor.Length);
}
