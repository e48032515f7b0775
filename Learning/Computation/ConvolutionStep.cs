namespace MLPipelines.Learning;

/// <summary>A convolution with its bias, and with the ReLU and the max pooling after it where there are any.</summary>
/// <remarks>
/// Forward, a row of output pixels is a matrix product: its A is the input read in place (what lies under a row of the kernel is one
/// stretch, the next pixel begins <c>stride</c> pixels on), its B the weights. The gradient of the input is the same over the gradient of
/// the output, with the kernel turned by 180°; the gradient of the weights has the inputs under a kernel row as rows and sums over pixels.
/// Pooled rows never leave the cache: only the maxima and where they were are kept.
/// </remarks>
internal sealed unsafe class ConvolutionStep : SampleStep
{
    private const int FloatsOfAChunk = 6144; // 24 KiB of the output's gradient, which stay in the first level cache

    private readonly Parameters parameters;
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly bool hasRelu;
    private readonly int pool;
    private readonly ConvolutionWeights weights;
    private readonly ImageShape shape;
    private readonly int kernel;
    private readonly int stride;
    private readonly int padding;
    private readonly FeatureMap? pooledGradient;
    private readonly InputGradient? inputGradient;

    private TileGrid? forward;
    private (int Row, TileGrid Grid)[] weightGradient = [];
    private (int InputOffset, int WeightRow)[] runs = [];
    private AlignedFloats? packed;
    private AlignedFloats? lines;
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
        var definition = (Convolution)layer.Definition;
        (shape, kernel, stride, padding) = (layer.Output, definition.Kernel, definition.Stride, definition.Padding.For(definition.Kernel));
        weights = new ConvolutionWeights(layer, parameters);
        input.Values.NeedBorder(padding);
        var pitch = Parameters.Pitch(shape.Channels);
        pooledGradient = pool > 1 ? new FeatureMap(shape, pitch) : null;
        if (input.Gradient is { } target) inputGradient = new InputGradient(parameters.Vectors, definition, OutputGradient, target);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    private FeatureMap OutputGradient => pooledGradient ?? output.Gradient!;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch)
    {
        var vectors = parameters.Vectors;
        var (channels, filters) = (input.Shape.Channels, shape.Channels);
        var pitch = Parameters.Pitch(filters);
        var source = input.Values;
        var steps = kernel * kernel * channels;
        var end = pool > 1 ? TileEnd.Store : hasRelu ? TileEnd.BiasRelu : weights.HasBias ? TileEnd.Bias : TileEnd.Store;
        forward = new TileGrid(vectors, shape.Width, filters, steps, true, (rows, panel) =>
        {
            var (outer, middle, inner) = Loops(source, channels, panel * vectors.Lanes);
            return new TileShape(rows, panel, stride * source.Pitch, pitch, outer, middle, inner, end);
        });
        packed = new AlignedFloats(PanelPacking.Length(vectors, steps, filters));
        if (pool > 1)
        {
            lines = new AlignedFloats((long)workers * pool * shape.Width * pitch);
            winners = new byte[(long)largestBatch * output.Shape.Height * output.Shape.Width * pitch];
            pooledGradient!.Allocate(workers, perWorker: true);
        }

        weights.Build(largestBatch, pitch);
        BuildWeightGradient(source, OutputGradient);
        inputGradient?.Build(AddsTo(input));
    }

    /// <inheritdoc/>
    public override void Prepare(Pass pass, ThreadTeam team)
    {
        var (channels, filters, area) = (input.Shape.Channels, shape.Channels, kernel * kernel);
        var values = weights.Values();
        forward!.Pack(values, filters, 1, area * channels, filters, packed!.Pointer, area * channels, 0);
        if (pass.IsTraining) inputGradient?.Pack(values);
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var source = input.Values;
        var first = source.Of(sample, worker) - padding * (source.RowStride + source.Pitch);
        var target = output.Values.Of(sample, worker);
        var bias = weights.Bias;
        if (pool == 1)
        {
            for (var y = 0; y < shape.Height; y++)
            {
                forward!.Run(first + (long)y * stride * source.RowStride, stride * source.Pitch, packed!.Pointer,
                    target + (long)y * output.Values.RowStride, output.Values.Pitch, bias);
            }

            return;
        }

        var line = shape.Width * Parameters.Pitch(shape.Channels);
        var buffer = lines!.Pointer + (long)worker * pool * line;
        for (var y = 0; y < output.Shape.Height; y++)
        {
            for (var row = 0; row < pool; row++)
            {
                forward!.Run(first + (long)(y * pool + row) * stride * source.RowStride, stride * source.Pitch, packed!.Pointer,
                    buffer + row * line, output.Values.Pitch, bias);
            }

            fixed (byte* places = &winners[WinnersOf(sample, y)])
                MaximumOfWindows.Forward(buffer, line, pool, output.Shape.Width, output.Values.Pitch, bias, hasRelu, target + (long)y * output.Values.RowStride, places);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        MaskOrScatter(sample, worker);
        AddWeightGradient(pass, sample, slot, worker, OutputGradient.Of(sample, worker));
        inputGradient?.Run(sample, worker);
    }

    /// <inheritdoc/>
    public override void FinishBackward(Pass pass, ThreadTeam team) => weights.AddSlots(pass, team);

    /// <summary>Loops over a kernel's rows, columns and channels; the last two are one where pixels have no padding between them.</summary>
    private (TileLoop Outer, TileLoop Middle, TileLoop Inner) Loops(FeatureMap map, int channels, int width)
    {
        var rows = new TileLoop(kernel, map.RowStride, kernel * channels * width);
        return map.Pitch == channels
            ? (rows, TileLoop.Once, new TileLoop(kernel * channels, 1, width))
            : (rows, new TileLoop(kernel, map.Pitch, channels * width), new TileLoop(channels, 1, width));
    }

    /// <summary>The inputs that lie side by side under a kernel are the rows of one product; the output's gradient is taken in chunks of lines.</summary>
    private void BuildWeightGradient(FeatureMap source, FeatureMap gradient)
    {
        var (channels, pitch) = (input.Shape.Channels, Parameters.Pitch(shape.Channels));
        var isRow = source.Pitch == channels;
        var length = isRow ? kernel * channels : channels;
        runs = isRow
            ? [.. Enumerable.Range(0, kernel).Select(y => (y * source.RowStride, y * length))]
            : [.. Enumerable.Range(0, kernel * kernel).Select(place => (place / kernel * source.RowStride + place % kernel * source.Pitch, place * length))];
        var height = Math.Max(1, FloatsOfAChunk / (shape.Width * pitch));
        List<(int, TileGrid)> chunks = [];
        for (var row = 0; row < shape.Height; row += height)
        {
            var count = Math.Min(height, shape.Height - row);
            chunks.Add((row, new TileGrid(parameters.Vectors, length, shape.Channels, 0, false, (rows, panel) => new TileShape(
                rows, panel, 1, pitch, new TileLoop(count, stride * source.RowStride, gradient.RowStride), TileLoop.Once,
                new TileLoop(shape.Width, stride * source.Pitch, gradient.Pitch), TileEnd.Add))));
        }

        weightGradient = [.. chunks];
    }

    private void AddWeightGradient(Pass pass, int sample, int slot, int worker, float* from)
    {
        var (source, gradient) = (input.Values, OutputGradient);
        var first = source.Of(sample, worker) - padding * (source.RowStride + source.Pitch);
        var pitch = Parameters.Pitch(shape.Channels);
        var sums = weights.SlotOf(slot, isFirst: sample == Slots.First(slot, pass.Samples));
        foreach (var (row, grid) in weightGradient)
        {
            foreach (var (offset, weightRow) in runs)
                grid.Run(first + offset + (long)row * stride * source.RowStride, 1, from + (long)row * gradient.RowStride, sums + (long)weightRow * pitch, pitch, null);
        }

        if (weights.HasBias) Elements.AddPixels(from, gradient, weights.BiasOf(slot));
    }

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
