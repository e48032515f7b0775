namespace MLPipelines.Learning;

/// <summary>The gradient of a convolution's input: convolutions of the output's gradient with the kernel turned by 180°.</summary>
/// <remarks>
/// With a stride s the pixels of the input fall into s × s phases, and a pixel of a phase meets only every s-th row and column of the
/// kernel. Each phase is a convolution without stride over those, and writes every s-th pixel; with stride 1 there is one phase.
/// </remarks>
internal sealed unsafe class InputGradient
{
    private readonly VectorSet vectors;
    private readonly FeatureMap source;
    private readonly FeatureMap target;
    private readonly int kernel;
    private readonly int stride;
    private readonly int padding;
    private readonly int channels;
    private readonly int filters;
    private Phase[] phases = [];

    /// <param name="vectors">The registers.</param>
    /// <param name="definition">The convolution.</param>
    /// <param name="source">The gradient of the output; gets the border it needs.</param>
    /// <param name="target">The gradient of the input.</param>
    public InputGradient(VectorSet vectors, Convolution definition, FeatureMap source, FeatureMap target)
    {
        (this.vectors, this.source, this.target) = (vectors, source, target);
        (kernel, stride, padding) = (definition.Kernel, definition.Stride, definition.Padding.For(definition.Kernel));
        (channels, filters) = (target.Shape.Channels, source.Shape.Channels);
        for (var phase = 0; phase < stride; phase++)
        {
            source.NeedBorder(Math.Max(BorderBefore(phase), BorderAfter(phase, source.Shape.Height, target.Shape.Height)));
            source.NeedBorder(BorderAfter(phase, source.Shape.Width, target.Shape.Width));
        }
    }

    /// <summary>Compiles the phases, once the maps have their borders.</summary>
    /// <param name="adds">Whether the gradient is added to what is there.</param>
    public void Build(bool adds)
    {
        List<Phase> all = [];
        for (var y = 0; y < Math.Min(stride, target.Shape.Height); y++)
        {
            for (var x = 0; x < Math.Min(stride, target.Shape.Width); x++)
            {
                var (rows, columns) = (Taps(y), Taps(x));
                var width = (target.Shape.Width - x + stride - 1) / stride;
                if (rows * columns == 0)
                {
                    if (!adds) all.Add(new Phase(y, x, rows, columns, width, null, null));
                    continue;
                }

                var grid = new TileGrid(vectors, width, channels, rows * columns * filters, true, (height, panel) =>
                {
                    var (outer, middle, inner) = Loops(rows, columns, panel * vectors.Lanes);
                    return new TileShape(height, panel, source.Pitch, stride * target.Pitch, outer, middle, inner, adds ? TileEnd.Add : TileEnd.Store);
                });
                all.Add(new Phase(y, x, rows, columns, width, grid, new AlignedFloats(PanelPacking.Length(vectors, rows * columns * filters, channels))));
            }
        }

        phases = [.. all];
    }

    /// <summary>Packs the turned weights of each phase.</summary>
    /// <param name="weights">[kernel row, kernel column, channel, filter].</param>
    public void Pack(float* weights)
    {
        foreach (var phase in phases)
        {
            for (var tap = 0; tap < phase.Rows * phase.Columns; tap++)
            {
                var row = FirstTap(phase.Y) + (phase.Rows - 1 - tap / phase.Columns) * stride;
                var column = FirstTap(phase.X) + (phase.Columns - 1 - tap % phase.Columns) * stride;
                phase.Grid!.Pack(
                    weights + (long)(row * kernel + column) * channels * filters, 1, filters, filters, channels,
                    phase.Weights!.Pointer, phase.Rows * phase.Columns * filters, tap * filters);
            }
        }
    }

    /// <summary>Computes a sample's gradient.</summary>
    public void Run(int sample, int worker)
    {
        var (from, to) = ((nint)source.Of(sample, worker), (nint)target.Of(sample, worker));
        foreach (var phase in phases)
        {
            var (top, left) = (Reach(phase.Y) - (phase.Rows - 1), Reach(phase.X) - (phase.Columns - 1));
            for (int y = phase.Y, row = 0; y < target.Shape.Height; y += stride, row++)
            {
                var line = (float*)to + (long)y * target.RowStride + phase.X * target.Pitch;
                if (phase.Grid is { } grid)
                {
                    grid.Run((float*)from + (long)(row + top) * source.RowStride + left * source.Pitch, source.Pitch, phase.Weights!.Pointer, line, stride * target.Pitch, null);
                    continue;
                }

                for (var x = 0; x < phase.Width; x++) new Span<float>(line + (long)x * stride * target.Pitch, target.Pitch).Clear();
            }
        }
    }

    // The kernel's rows that pixels of a phase meet: the first, how many, and how far on in the output the first of them looks.
    private int FirstTap(int phase) => (phase + padding) % stride;

    private int Taps(int phase) => Math.Max(0, (kernel - FirstTap(phase) + stride - 1) / stride);

    private int Reach(int phase) => (phase + padding) / stride;

    private int BorderBefore(int phase) => Math.Max(0, Taps(phase) - 1 - Reach(phase));

    private int BorderAfter(int phase, int output, int input) => input <= phase ? 0 : Math.Max(0, (input - 1 - phase) / stride + Reach(phase) - (output - 1));

    private (TileLoop Outer, TileLoop Middle, TileLoop Inner) Loops(int rows, int columns, int width)
    {
        var outer = new TileLoop(rows, source.RowStride, columns * filters * width);
        return source.Pitch == filters
            ? (outer, TileLoop.Once, new TileLoop(columns * filters, 1, width))
            : (outer, new TileLoop(columns, source.Pitch, filters * width), new TileLoop(filters, 1, width));
    }

    private sealed record Phase(int Y, int X, int Rows, int Columns, int Width, TileGrid? Grid, AlignedFloats? Weights);
}
