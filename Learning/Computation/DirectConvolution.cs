namespace MLPipelines.Learning;

/// <summary>A convolution of any kernel and stride as sums of products, read in place.</summary>
/// <remarks>
/// Forward, a row of output pixels is a matrix product: its A is the input (what lies under a row of the kernel is one stretch, the next
/// pixel begins <c>stride</c> pixels on), its B the weights. The gradient of the input is the same over the gradient of the output, with
/// the kernel turned by 180°; the gradient of the weights has the inputs under a kernel row as rows and sums over pixels.
/// </remarks>
internal sealed unsafe class DirectConvolution : ConvolutionMethod
{
    private const int FloatsOfAChunk = 6144; // 24 KiB of the output's gradient, which stay in the first level cache

    private readonly ConvolutionMaps maps;
    private readonly VectorSet vectors;
    private readonly int kernel;
    private readonly int stride;
    private readonly InputGradient? inputGradient;

    private TileGrid? forward;
    private (int Row, TileGrid Grid)[] weightGradient = [];
    private (int InputOffset, int WeightRow)[] runs = [];
    private AlignedFloats? packed;

    public DirectConvolution(ConvolutionMaps maps)
    {
        this.maps = maps;
        vectors = maps.Parameters.Vectors;
        (kernel, stride) = (maps.Definition.Kernel, maps.Definition.Stride);
        maps.Input.NeedBorder(maps.Padding);
        if (maps.InputGradient is { } target) inputGradient = new InputGradient(vectors, maps.Definition, maps.OutputGradient, target);
    }

    /// <inheritdoc/>
    public override int RowsAtOnce => 1;

    private int Channels => maps.Input.Shape.Channels;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch, TileEnd end, bool addsToInputGradient)
    {
        var steps = kernel * kernel * Channels;
        forward = new TileGrid(vectors, maps.Output.Width, maps.Output.Channels, steps, true, (rows, panel) =>
        {
            var (outer, middle, inner) = Loops(panel * vectors.Lanes);
            return new TileShape(rows, panel, stride * maps.Input.Pitch, maps.OutputPitch, outer, middle, inner, end);
        });
        packed = new AlignedFloats(PanelPacking.Length(vectors, steps, maps.Output.Channels));
        BuildWeightGradient();
        inputGradient?.Build(addsToInputGradient);
    }

    /// <inheritdoc/>
    public override void Prepare(float* weights, Pass pass, ThreadTeam team)
    {
        var (filters, steps) = (maps.Output.Channels, kernel * kernel * Channels);
        forward!.Pack(weights, filters, 1, steps, filters, packed!.Pointer, steps, 0);
        if (pass.IsTraining) inputGradient?.Pack(weights);
    }

    /// <inheritdoc/>
    public override void Forward(int sample, int worker, int firstRow, int rows, float* result, int rowStride, float* bias)
    {
        var source = maps.Input;
        var first = FirstUnderKernel(sample, worker);
        for (var row = 0; row < rows; row++)
        {
            forward!.Run(first + (long)(firstRow + row) * stride * source.RowStride, stride * source.Pitch, packed!.Pointer,
                result + (long)row * rowStride, maps.OutputPitch, bias);
        }
    }

    /// <inheritdoc/>
    public override void AddWeightGradient(Pass pass, int sample, int slot, int worker, float* sums)
    {
        var (source, gradient) = (maps.Input, maps.OutputGradient);
        var first = FirstUnderKernel(sample, worker);
        var from = gradient.Of(sample, worker);
        foreach (var (row, grid) in weightGradient)
        {
            foreach (var (offset, weightRow) in runs)
            {
                grid.Run(first + offset + (long)row * stride * source.RowStride, 1, from + (long)row * gradient.RowStride,
                    sums + (long)weightRow * maps.OutputPitch, maps.OutputPitch, null);
            }
        }
    }

    /// <inheritdoc/>
    public override void InputGradient(int sample, int worker) => inputGradient?.Run(sample, worker);

    private float* FirstUnderKernel(int sample, int worker) => maps.Input.Of(sample, worker) - maps.Padding * (maps.Input.RowStride + maps.Input.Pitch);

    /// <summary>Loops over a kernel's rows, columns and channels; the last two are one where pixels have no padding between them.</summary>
    private (TileLoop Outer, TileLoop Middle, TileLoop Inner) Loops(int width)
    {
        var rows = new TileLoop(kernel, maps.Input.RowStride, kernel * Channels * width);
        return maps.Input.Pitch == Channels
            ? (rows, TileLoop.Once, new TileLoop(kernel * Channels, 1, width))
            : (rows, new TileLoop(kernel, maps.Input.Pitch, Channels * width), new TileLoop(Channels, 1, width));
    }

    /// <summary>The inputs that lie side by side under a kernel are the rows of one product; the output's gradient is taken in chunks of lines.</summary>
    private void BuildWeightGradient()
    {
        var (source, gradient, pitch) = (maps.Input, maps.OutputGradient, maps.OutputPitch);
        var isRow = source.Pitch == Channels;
        var length = isRow ? kernel * Channels : Channels;
        runs = isRow
            ? [.. Enumerable.Range(0, kernel).Select(y => (y * source.RowStride, y * length))]
            : [.. Enumerable.Range(0, kernel * kernel).Select(place => (place / kernel * source.RowStride + place % kernel * source.Pitch, place * length))];
        var (lines, width) = (maps.Output.Height, maps.Output.Width);
        var height = Math.Max(1, FloatsOfAChunk / (width * pitch));
        List<(int, TileGrid)> chunks = [];
        for (var row = 0; row < lines; row += height)
        {
            var count = Math.Min(height, lines - row);
            chunks.Add((row, new TileGrid(vectors, length, maps.Output.Channels, 0, false, (rows, panel) => new TileShape(
                rows, panel, 1, pitch, new TileLoop(count, stride * source.RowStride, gradient.RowStride), TileLoop.Once,
                new TileLoop(width, stride * source.Pitch, gradient.Pitch), TileEnd.Add))));
        }

        weightGradient = [.. chunks];
    }
}
