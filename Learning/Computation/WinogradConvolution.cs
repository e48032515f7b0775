namespace MLPipelines.Learning;

/// <summary>A 3×3 convolution without stride, and its gradients, with a quarter of the products; see <see cref="WinogradTransforms"/>.</summary>
/// <remarks>The gradient of the input is a convolution of the output's gradient with the kernel turned by 180°.</remarks>
internal sealed unsafe class WinogradConvolution : ConvolutionMethod
{
    private readonly ConvolutionMaps maps;
    private readonly WinogradProduct forward;
    private readonly WinogradProduct? backward;
    private readonly WinogradWeightGradient weightGradient;
    private readonly AlignedFloats padded;
    private readonly AlignedFloats transformed;
    private readonly AlignedFloats turned;
    private readonly AlignedFloats scratch;
    private readonly int placeStride;
    private readonly Action<int, int> transformChannel;
    private TileEnd end;
    private bool adds;
    private bool needsTurned;

    public WinogradConvolution(ConvolutionMaps maps)
    {
        this.maps = maps;
        var vectors = maps.Parameters.Vectors;
        var channels = maps.Input.Shape.Channels;
        forward = new WinogradProduct(vectors, maps.Input, maps.Output, maps.Padding);
        weightGradient = new WinogradWeightGradient(vectors, maps.Input, maps.OutputGradient, maps.Padding);
        if (maps.InputGradient is { } target) backward = new WinogradProduct(vectors, maps.OutputGradient, target.Shape, 2 - maps.Padding);
        placeStride = WinogradProduct.PlaceStride(channels * maps.OutputPitch);
        padded = new AlignedFloats(9L * channels * maps.OutputPitch);
        transformed = new AlignedFloats((long)WinogradTransforms.Places * placeStride);
        turned = new AlignedFloats(backward is null ? 0 : (long)WinogradTransforms.Places * placeStride);
        scratch = new AlignedFloats((long)channels * WinogradTransforms.Scratch(1));
        transformChannel = TransformChannel;
    }

    /// <inheritdoc/>
    public override int RowsAtOnce => forward.RowsAtOnce;

    /// <summary>Whether this takes less time than the sums themselves, by estimate of the cycles for a vector of filters.</summary>
    public static bool IsFasterFor(ConvolutionMaps maps)
    {
        const int FewestChannels = 16;
        const double CyclesOfTransforms = 350; // of a tile and a vector of channels, before and after the products
        var (channels, filters) = (maps.Input.Shape.Channels, maps.Output.Channels);
        if (maps.Definition is not { Kernel: 3, Stride: 1, Groups: 1 } || maps.Padding > 2 || channels < FewestChannels || filters < FewestChannels) return false;
        if (maps.Input.Pitch % 16 != 0) return false; // the network's own input, packed as it is
        var tiles = WinogradProduct.Tiles(maps.Output.Height) * WinogradProduct.Tiles(maps.Output.Width);
        var vectors = maps.OutputPitch / 16;
        var products = WinogradTransforms.Places * channels * vectors;
        var transforms = CyclesOfTransforms / 2 * (maps.Input.Pitch / 16 + vectors);
        return tiles * (products + transforms) < 9.0 * channels * vectors * maps.Output.Height * maps.Output.Width;
    }

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch, TileEnd end, bool addsToInputGradient)
    {
        (this.end, adds) = (end, addsToInputGradient);
        forward.Build(workers);
        backward?.Build(workers);
        weightGradient.Build(workers, largestBatch);
    }

    /// <inheritdoc/>
    public override void Prepare(float* weights, Pass pass, ThreadTeam team)
    {
        var (channels, filters, pitch) = (maps.Input.Shape.Channels, maps.Output.Channels, maps.OutputPitch);
        for (var row = 0; row < 9 * channels; row++)
            new ReadOnlySpan<float>(weights + (long)row * filters, filters).CopyTo(new Span<float>(padded.Pointer + (long)row * pitch, filters));
        needsTurned = pass.IsTraining && backward is not null;
        team.For(channels, transformChannel);
        forward.Pack(transformed.Pointer, placeStride, pitch, 1, team);
        if (!pass.IsTraining) return;
        backward?.Pack(turned.Pointer, placeStride, 1, pitch, team);
        weightGradient.Prepare(pass);
    }

    /// <inheritdoc/>
    public override void Forward(int sample, int worker, int firstRow, int rows, float* result, int rowStride, float* bias) =>
        forward.Run(sample, worker, firstRow, rows, result, rowStride, end == TileEnd.Store ? null : bias, hasRelu: end == TileEnd.BiasRelu, adds: false);

    /// <inheritdoc/>
    public override void AddWeightGradient(Pass pass, int sample, int slot, int worker, float* sums) => weightGradient.Add(pass, sample, slot, worker, sums);

    /// <inheritdoc/>
    public override void InputGradient(int sample, int worker)
    {
        if (maps.InputGradient is not { } target) return;
        backward!.Run(sample, worker, 0, target.Shape.Height, target.Of(sample, worker), target.RowStride, null, hasRelu: false, adds);
    }

    private void TransformChannel(int channel, int worker)
    {
        var pitch = maps.OutputPitch;
        var row = channel * pitch;
        var kernelStride = maps.Input.Shape.Channels * pitch;
        var mine = scratch.Pointer + channel * WinogradTransforms.Scratch(1);
        for (var filter = 0; filter < pitch; filter += 16)
        {
            WinogradTransforms.Weights(padded.Pointer + row + filter, kernelStride, transformed.Pointer + row + filter, placeStride, mine);
            if (needsTurned) WinogradTransforms.Weights(padded.Pointer + 8L * kernelStride + row + filter, -kernelStride, turned.Pointer + row + filter, placeStride, mine);
        }
    }
}
