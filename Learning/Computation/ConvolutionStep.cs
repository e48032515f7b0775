namespace MLPipelines.Learning;

/// <summary>A convolution with its bias, and with the ReLU and the max pooling after it where there are any.</summary>
/// <remarks>Rows that are pooled never leave the cache: only the maxima and where they were are kept.</remarks>
internal sealed unsafe class ConvolutionStep : SampleStep
{
    private readonly Parameters parameters;
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly bool hasRelu;
    private readonly int pool;
    private readonly ConvolutionWeights weights;
    private readonly ImageShape shape;
    private readonly FeatureMap? pooledGradient;
    private readonly ConvolutionMethod method;

    private int rowsOfABand;
    private AlignedFloats? bands;
    private byte[] winners = [];

    /// <param name="layer">The convolution.</param>
    /// <param name="input">What it reads; its gradient is written if it has one.</param>
    /// <param name="output">What comes out after ReLU and pooling.</param>
    /// <param name="hasRelu">Whether a ReLU follows.</param>
    /// <param name="pool">Side and stride of the max pooling that follows, or 1.</param>
    /// <param name="parameters">The network's numbers.</param>
    public ConvolutionStep(LayerShape layer, Tensor input, Tensor output, bool hasRelu, int pool, Parameters parameters)
    {
        (this.input, this.output, this.hasRelu, this.pool, this.parameters) = (input, output, hasRelu, pool, parameters);
        shape = layer.Output;
        weights = new ConvolutionWeights(layer, parameters);
        pooledGradient = pool > 1 ? new FeatureMap(shape, Parameters.Pitch(shape.Channels)) : null;
        method = ConvolutionMethod.For(new ConvolutionMaps((Convolution)layer.Definition, parameters, input.Values, shape, OutputGradient, input.Gradient));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Values, hasRelu ? output.Values : null, input.Gradient, output.Gradient, .. InputAgain?.UsedForward ?? []];

    /// <summary>What computes the input once more, backward; null where it is kept.</summary>
    public NormalizeStep? InputAgain { get; set; }

    private FeatureMap OutputGradient => pooledGradient ?? output.Gradient!;

    private int LineLength => shape.Width * Parameters.Pitch(shape.Channels);

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch)
    {
        var pitch = Parameters.Pitch(shape.Channels);
        if (pool > 1)
        {
            // Whole windows, and whole blocks of the method; where both fit only late, the image at once.
            var pooledRows = output.Shape.Height * pool;
            rowsOfABand = Enumerable.Range(1, pool).Select(times => times * method.RowsAtOnce).First(rows => rows % pool == 0);
            rowsOfABand = Math.Min(rowsOfABand, pooledRows);
            bands = new AlignedFloats((long)workers * rowsOfABand * LineLength);
            winners = new byte[(long)largestBatch * output.Shape.Height * output.Shape.Width * pitch];
            pooledGradient!.Allocate(workers, perWorker: true);
        }

        weights.Build(largestBatch, pitch);
        method.Build(workers, largestBatch, pool > 1 ? TileEnd.Store : hasRelu ? TileEnd.BiasRelu : weights.HasBias ? TileEnd.Bias : TileEnd.Store, AddsTo(input));
    }

    /// <inheritdoc/>
    public override void Prepare(Pass pass, ThreadTeam team) => method.Prepare(weights.Values(), pass, team);

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var target = output.Values.Of(sample, worker);
        if (pool == 1)
        {
            method.Forward(sample, worker, 0, shape.Height, target, output.Values.RowStride, weights.Bias);
            return;
        }

        var band = bands!.Pointer + (long)worker * rowsOfABand * LineLength;
        for (var y = 0; y < output.Shape.Height; y++)
        {
            var (row, rest) = (y * pool, y * pool % rowsOfABand);
            if (rest == 0) method.Forward(sample, worker, row, Math.Min(rowsOfABand, output.Shape.Height * pool - row), band, LineLength, weights.Bias);
            fixed (byte* places = &winners[WinnersOf(sample, y)])
            {
                MaximumOfWindows.Forward(
                    band + rest * LineLength, LineLength, pool, output.Shape.Width, output.Values.Pitch, weights.Bias, hasRelu,
                    target + (long)y * output.Values.RowStride, places);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        MaskOrScatter(sample, worker);
        InputAgain?.Forward(pass, sample, slot, worker);
        var sums = weights.SlotOf(slot, isFirst: sample == Slots.First(slot, pass.Samples));
        method.AddWeightGradient(pass, sample, slot, worker, sums);
        if (weights.HasBias) Elements.AddPixels(OutputGradient.Of(sample, worker), OutputGradient, weights.BiasOf(slot));
        method.InputGradient(sample, worker);
    }

    /// <inheritdoc/>
    public override void FinishBackward(Pass pass, ThreadTeam team) => weights.AddSlots(pass, team);

    /// <summary>Brings the output's gradient back through pooling and ReLU.</summary>
    private void MaskOrScatter(int sample, int worker)
    {
        if (pool > 1)
        {
            var gradient = output.Gradient!;
            var scattered = pooledGradient!.Of(sample, worker);
            for (var y = 0; y < output.Shape.Height; y++)
            {
                fixed (byte* places = &winners[WinnersOf(sample, y)])
                {
                    MaximumOfWindows.Backward(
                        gradient.Of(sample, worker) + (long)y * gradient.RowStride, output.Values.Of(sample, worker) + (long)y * output.Values.RowStride, places,
                        pool, output.Shape.Width, gradient.Pitch, hasRelu, scattered + (long)y * pool * pooledGradient.RowStride, pooledGradient.RowStride);
                }
            }
        }
        else if (hasRelu)
        {
            Elements.Mask(output.Gradient!.Of(sample, worker), output.Gradient, output.Values.Of(sample, worker), output.Values);
        }
    }

    private int WinnersOf(int sample, int row) => (sample * output.Shape.Height + row) * output.Shape.Width * output.Values.Pitch;
}
