namespace MLPipelines.Learning;

/// <summary>What a convolution reads and writes.</summary>
/// <param name="Definition">Kernel, stride and padding.</param>
/// <param name="Parameters">The network's numbers.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Output">The shape of what it computes.</param>
/// <param name="OutputGradient">The gradient of what it computes.</param>
/// <param name="InputGradient">Where the gradient of the input goes; null where nobody asks for it.</param>
internal sealed record ConvolutionMaps(
    Convolution Definition, Parameters Parameters, FeatureMap Input, ImageShape Output, FeatureMap OutputGradient, FeatureMap? InputGradient)
{
    /// <summary>Zeros around the input.</summary>
    public int Padding => Definition.Padding.For(Definition.Kernel);

    /// <summary>The floats of a pixel of the output.</summary>
    public int OutputPitch => Parameters.Pitch(Output.Channels);
}

/// <summary>One way to compute a convolution and its gradients, sample by sample.</summary>
internal abstract unsafe class ConvolutionMethod
{
    /// <summary>Rows of the output that are best computed together; <see cref="Forward"/> begins at multiples of it.</summary>
    public abstract int RowsAtOnce { get; }

    /// <summary>The method that takes the least time for a convolution.</summary>
    /// <remarks>Decided by the shapes alone, so that the bits are the same on every machine.</remarks>
    public static ConvolutionMethod For(ConvolutionMaps maps) => WinogradConvolution.IsFasterFor(maps) ? new WinogradConvolution(maps) : new DirectConvolution(maps);

    /// <summary>Reserves room, once the maps have theirs.</summary>
    /// <param name="workers">How many work at once.</param>
    /// <param name="largestBatch">The most samples.</param>
    /// <param name="end">What follows a sum: Store, Bias or BiasRelu.</param>
    /// <param name="addsToInputGradient">Whether the gradient of the input is added to what is there.</param>
    public abstract void Build(int workers, int largestBatch, TileEnd end, bool addsToInputGradient);

    /// <summary>Takes the weights as of now, [kernel row, kernel column, channel, filter].</summary>
    public abstract void Prepare(float* weights, Pass pass, ThreadTeam team);

    /// <summary>Computes rows of a sample's output.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="worker">Who computes.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="result">Where the first row goes.</param>
    /// <param name="rowStride">From a row of the result to the next.</param>
    /// <param name="bias">The bias, if the end asks for it.</param>
    public abstract void Forward(int sample, int worker, int firstRow, int rows, float* result, int rowStride, float* bias);

    /// <summary>Adds a sample to its slot's gradient of the weights, which is complete with the slot's last sample.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="sample">The sample; those of a slot come in order and from one worker.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="worker">Who computes.</param>
    /// <param name="sums">The slot's gradient, zero before its first sample.</param>
    public abstract void AddWeightGradient(Pass pass, int sample, int slot, int worker, float* sums);

    /// <summary>Computes the gradient of a sample's input, if anybody asks for it.</summary>
    public abstract void InputGradient(int sample, int worker);
}
