namespace MLPipelines.Learning;

/// <summary>The gradient of a dense layer's weights: <c>G[i, o] = Σ over samples of x[i] · dy[o]</c>, and of its bias, on a team of threads.</summary>
internal sealed unsafe class OuterProduct
{
    private const int ItemsWanted = 32;

    private readonly VectorSet vectors;
    private readonly int inputs;
    private readonly int units;
    private readonly int tileRows;
    private readonly int[] panels;
    private readonly int rowsOfAnItem;
    private readonly AlignedFloats? padded;
    private readonly int resultStride;
    private readonly Action<int, int> multiply;
    private readonly Dictionary<(int Rows, int Panel, int Samples), TileKernel> kernels = [];

    // The run under way.
    private int samples;
    private nint x;
    private int xStride;
    private nint dy;
    private int dyStride;
    private nint result;
    private nint biasResult;

    public OuterProduct(VectorSet vectors, int inputs, int units)
    {
        (this.vectors, this.inputs, this.units) = (vectors, inputs, units);
        // Tiles of one panel's height for all; the rest of the inputs takes a lower one.
        var tiling = Tiling.Of(vectors, vectors.Accumulators, units);
        (tileRows, panels) = (tiling.Rows[0], [.. tiling.Panels]);
        var tiles = (inputs + tileRows - 1) / tileRows;
        rowsOfAnItem = (tiles + ItemsWanted - 1) / ItemsWanted * tileRows;
        resultStride = vectors.RoundUp(units);
        // Kernels write whole vectors: where a row of units does not end with one, rows go through a buffer.
        padded = resultStride == units ? null : new AlignedFloats((long)inputs * resultStride);
        multiply = Multiply;
    }

    /// <summary>Multiplies.</summary>
    public void Run(int count, float* left, int leftStride, float* gradient, int gradientStride, float* weights, float* bias, ThreadTeam team)
    {
        (samples, x, xStride, dy, dyStride, result, biasResult) = (count, (nint)left, leftStride, (nint)gradient, gradientStride, (nint)weights, (nint)bias);
        team.For((inputs + rowsOfAnItem - 1) / rowsOfAnItem + 1, multiply);
    }

    private void Multiply(int item, int worker)
    {
        var first = item * rowsOfAnItem;
        if (first >= inputs)
        {
            if (biasResult != 0) SumBias();
            return;
        }

        var last = Math.Min(inputs, first + rowsOfAnItem);
        var to = padded is null ? (float*)result : padded.Pointer;
        var column = 0;
        foreach (var panel in panels)
        {
            for (var row = first; row < last; row += tileRows)
            {
                var kernel = Kernel(Math.Min(tileRows, last - row), panel);
                kernel((float*)x + row, (float*)dy + column, to + (long)row * resultStride + column, null);
            }

            column += panel * vectors.Lanes;
        }

        if (padded is null) return;
        for (var row = first; row < last; row++)
            new ReadOnlySpan<float>(padded.Pointer + (long)row * resultStride, units).CopyTo(new Span<float>((float*)result + (long)row * units, units));
    }

    private void SumBias()
    {
        var sums = new Span<float>((float*)biasResult, units);
        sums.Clear();
        for (var sample = 0; sample < samples; sample++)
            System.Numerics.Tensors.TensorPrimitives.Add(sums, new ReadOnlySpan<float>((float*)dy + (long)sample * dyStride, units), sums);
    }

    private TileKernel Kernel(int rows, int panel)
    {
        lock (kernels)
        {
            if (!kernels.TryGetValue((rows, panel, samples), out var kernel))
            {
                kernel = TileCompiler.Compile(vectors, new TileShape(
                    rows, panel, 1, resultStride, TileLoop.Once, TileLoop.Once, new TileLoop(samples, xStride, dyStride), TileEnd.Store));
                kernels.Add((rows, panel, samples), kernel);
            }

            return kernel;
        }
    }
}
