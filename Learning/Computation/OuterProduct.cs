namespace MLPipelines.Learning;

/// <summary>The gradient of a dense layer's weights: <c>G[i, o] = Σ over samples of x[i] · dy[o]</c>, and of its bias, on a team of threads.</summary>
internal sealed unsafe class OuterProduct
{
    private const int ItemsWanted = 32;

    private readonly VectorSet vectors;
    private readonly int inputs;
    private readonly int units;
    private readonly Tiling tiling;
    private readonly int rowsOfAnItem;
    private readonly AlignedFloats? padded;
    private readonly int resultStride;
    private readonly Action<int, int> multiply;
    private readonly Dictionary<int, TileKernel[][]> kernelsOfBatches = [];

    // The run under way.
    private int samples;
    private nint x;
    private int xStride;
    private nint dy;
    private int dyStride;
    private nint result;
    private nint biasResult;
    private TileKernel[][] kernels = [];

    public OuterProduct(VectorSet vectors, int inputs, int units)
    {
        (this.vectors, this.inputs, this.units) = (vectors, inputs, units);
        // Tiles of one panel's height for all; the rest of the inputs takes a lower one.
        tiling = Tiling.Of(vectors, vectors.Accumulators, units);
        var tile = tiling.Rows[0];
        var tiles = (inputs + tile - 1) / tile;
        rowsOfAnItem = (tiles + ItemsWanted - 1) / ItemsWanted * tile;
        resultStride = vectors.RoundUp(units);
        // Kernels write whole vectors: where a row of units does not end with one, rows go through a buffer.
        padded = resultStride == units ? null : new AlignedFloats((long)inputs * resultStride);
        multiply = Multiply;
    }

    /// <summary>Multiplies.</summary>
    public void Run(int count, float* left, int leftStride, float* gradient, int gradientStride, float* weights, float* bias, ThreadTeam team)
    {
        (samples, x, xStride, dy, dyStride, result, biasResult) = (count, (nint)left, leftStride, (nint)gradient, gradientStride, (nint)weights, (nint)bias);
        if (!kernelsOfBatches.TryGetValue(count, out var found)) kernelsOfBatches.Add(count, found = KernelsFor(count));
        kernels = found;
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
        for (var panel = 0; panel < kernels.Length; panel++)
        {
            for (var row = first; row < last; row += tiling.Rows[0])
            {
                var kernel = kernels[panel][row + tiling.Rows[0] <= inputs ? 0 : 1];
                kernel((float*)x + row, (float*)dy + column, to + (long)row * resultStride + column, null);
            }

            column += tiling.Panels[panel] * vectors.Lanes;
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

    /// <summary>For each panel the kernel of a full tile and that of the last one.</summary>
    private TileKernel[][] KernelsFor(int count)
    {
        var last = (inputs - 1) % tiling.Rows[0] + 1;
        return [.. tiling.Panels.Select(panel => new[] { Kernel(tiling.Rows[0], panel, count), Kernel(last, panel, count) })];
    }

    private TileKernel Kernel(int rows, int panel, int count) => TileCompiler.Compile(vectors, new TileShape(
        rows, panel, 1, resultStride, TileLoop.Once, TileLoop.Once, new TileLoop(count, xStride, dyStride), TileEnd.Store));
}
