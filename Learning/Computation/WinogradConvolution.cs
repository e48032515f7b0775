namespace MLPipelines.Learning;

/// <summary>A 3×3 convolution with stride 1 or 2, and its gradients, by <see cref="WinogradTransforms"/>: a quarter of the products, or half of them.</summary>
/// <remarks>The gradient of the input is a convolution of the output's gradient with the kernel turned by 180°.</remarks>
internal sealed unsafe class WinogradConvolution : ConvolutionMethod
{
    private readonly ConvolutionMaps maps;
    private readonly WinogradProduct forward;
    private readonly WinogradProduct? backward;
    private readonly WinogradWeightGradient weightGradient;
    private readonly AlignedFloats padded;
    private readonly TransformedWeights weights;
    private readonly TransformedWeights? turned;
    private readonly Action<int, int> transformChannel;
    private TileEnd end;
    private bool adds;
    private bool needsTurned;

    public WinogradConvolution(ConvolutionMaps maps)
    {
        this.maps = maps;
        var (vectors, stride) = (maps.Parameters.Vectors, maps.Definition.Stride);
        var planes = WinogradPlanes.Forward(stride, maps.Padding);
        forward = new WinogradProduct(vectors, planes, maps.Input, MapPlanes.Of(planes), maps.Output, MapPlanes.Whole(0));
        weightGradient = new WinogradWeightGradient(vectors, planes, maps.Input, maps.OutputGradient);
        weights = new TransformedWeights(planes, maps.Input.Shape.Channels, maps.OutputPitch);
        if (maps.InputGradient is { } target)
        {
            var back = WinogradPlanes.Backward(stride, maps.Padding);
            var first = MapPlanes.Whole(WinogradPlanes.FirstBackward(stride, maps.Padding));
            backward = new WinogradProduct(vectors, back, maps.OutputGradient, first, target.Shape, MapPlanes.Of(back));
            turned = new TransformedWeights(back, maps.Input.Shape.Channels, maps.OutputPitch);
        }

        padded = new AlignedFloats(9L * maps.Input.Shape.Channels * maps.OutputPitch);
        transformChannel = TransformChannel;
    }

    /// <inheritdoc/>
    public override int RowsAtOnce => forward.RowsAtOnce;

    /// <summary>Whether this takes less time than the sums themselves, by estimate of the cycles for a vector of filters.</summary>
    public static bool IsFasterFor(ConvolutionMaps maps)
    {
        const int FewestChannels = 16;
        const double CyclesOfATransform = 4.5; // of a place of a tile, for a vector of channels
        var (channels, filters) = (maps.Input.Shape.Channels, maps.Output.Channels);
        if (maps.Definition is not { Kernel: 3, Stride: 1 or 2, Groups: 1 } || maps.Padding > 2 || channels < FewestChannels || filters < FewestChannels) return false;
        if (maps.Input.Pitch % 16 != 0) return false; // the network's own input, packed as it is
        var planes = WinogradPlanes.Forward(maps.Definition.Stride, maps.Padding);
        var tiles = WinogradProduct.Tiles(maps.Output.Height) * WinogradProduct.Tiles(maps.Output.Width);
        var vectors = maps.OutputPitch / 16;
        var products = Enumerable.Range(0, planes.Transforms.Places).Sum(place => planes.At(place).Count) * channels * vectors;
        var transforms = CyclesOfATransform * planes.Transforms.Places * (planes.Count * maps.Input.Pitch / 16 + vectors);
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
    public override void Prepare(float* values, Pass pass, ThreadTeam team)
    {
        var (channels, filters, pitch) = (maps.Input.Shape.Channels, maps.Output.Channels, maps.OutputPitch);
        for (var row = 0; row < 9 * channels; row++)
            new ReadOnlySpan<float>(values + (long)row * filters, filters).CopyTo(new Span<float>(padded.Pointer + (long)row * pitch, filters));
        needsTurned = pass.IsTraining && backward is not null;
        team.For(channels, transformChannel);
        forward.Pack(weights, turned: false, team);
        if (!pass.IsTraining) return;
        backward?.Pack(turned!, turned: true, team);
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
        weights.Transform(padded.Pointer, channel);
        if (needsTurned) turned!.Transform(padded.Pointer, channel);
    }
}
