using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary><c>C[sample, column] = Σ A[sample, k] · B[k, column] + bias[column]</c> with B packed, on a team of threads.</summary>
internal sealed unsafe class BatchProduct
{
    private const int LongestSum = 1024;
    private const int ItemsWanted = 32;

    private readonly VectorSet vectors;
    private readonly int length;
    private readonly int columns;
    private readonly int widest;
    private readonly int panelCount;
    private readonly int tileRows;
    private readonly int pieces;
    private readonly int pieceLength;
    private readonly Action<int, int> packPanel;
    private readonly Action<int, int> multiply;
    private readonly Action<int, int> finish;
    private readonly Dictionary<int, RowTiles> tilesOfBatches = [];
    private readonly AlignedFloats packed;
    private AlignedFloats? partial;
    private bool adds;
    private int aStride;
    private int cStride;
    private int partialStride;

    // The run under way.
    private nint source;
    private int sourceRow;
    private int sourceColumn;
    private int samples;
    private RowTiles tiles = new(0, 0, [], []);
    private int tilesOfABlock;
    private nint a;
    private nint c;
    private nint bias;

    /// <param name="vectors">The registers.</param>
    /// <param name="length">Terms of a sum.</param>
    /// <param name="columns">Columns of C.</param>
    public BatchProduct(VectorSet vectors, int length, int columns)
    {
        (this.vectors, this.length, this.columns) = (vectors, length, columns);
        var width = vectors.RoundUp(columns) / vectors.Lanes;
        widest = Math.Min(width, 2);
        tileRows = vectors.Accumulators / widest;
        panelCount = (width + widest - 1) / widest;
        pieces = (length + LongestSum - 1) / LongestSum;
        pieceLength = (length + pieces - 1) / pieces;
        packed = new AlignedFloats((long)length * panelCount * widest * vectors.Lanes);
        (packPanel, multiply, finish) = (PackPanel, Multiply, Finish);
    }

    private int LastTerms => length - (pieces - 1) * pieceLength;

    private int PanelWidth => widest * vectors.Lanes;

    private bool UsesPartial => pieces > 1 || adds;

    /// <summary>Says how far apart the samples are and whether C is added to, and reserves room.</summary>
    public void Build(int aSampleStride, int cSampleStride, int largestBatch, bool addsToResult)
    {
        (aStride, cStride, adds) = (aSampleStride, cSampleStride, addsToResult);
        partialStride = panelCount * PanelWidth;
        if (UsesPartial || partialStride > cStride) partial = new AlignedFloats((long)pieces * largestBatch * partialStride);
    }

    /// <summary>Packs <c>B[k, column] = values[k · rowStride + column · columnStride]</c>.</summary>
    public void Pack(float* values, int rowStride, int columnStride, ThreadTeam team)
    {
        (source, sourceRow, sourceColumn) = ((nint)values, rowStride, columnStride);
        team.For(panelCount, packPanel);
    }

    /// <summary>Multiplies.</summary>
    public void Run(int count, float* left, float* result, float* addend, ThreadTeam team)
    {
        (samples, a, c, bias) = (count, (nint)left, (nint)result, (nint)addend);
        if (!tilesOfBatches.TryGetValue(count, out var found)) tilesOfBatches.Add(count, found = TilesOf(count));
        tiles = found;
        var blocks = Math.Clamp(ItemsWanted / (pieces * panelCount), 1, tiles.Count);
        tilesOfABlock = (tiles.Count + blocks - 1) / blocks;
        team.For(pieces * panelCount * ((tiles.Count + tilesOfABlock - 1) / tilesOfABlock), multiply);
        if (partial is not null || addend is not null) team.For(count, finish);
    }

    private void PackPanel(int panel, int worker) =>
        PanelPacking.Pack((float*)source, sourceRow, sourceColumn, length, panel * PanelWidth, columns, packed.Pointer + (long)panel * length * PanelWidth, PanelWidth);

    private void Multiply(int item, int worker)
    {
        var (block, rest) = Math.DivRem(item, pieces * panelCount);
        var (piece, panel) = Math.DivRem(rest, panelCount);
        var begin = piece * pieceLength;
        var kernels = piece < pieces - 1 ? tiles.Kernels : tiles.KernelsOfLastPiece;
        var b = packed.Pointer + ((long)panel * length + begin) * PanelWidth;
        var end = Math.Min(tiles.Count, (block + 1) * tilesOfABlock);
        for (var tile = block * tilesOfABlock; tile < end; tile++)
        {
            var row = tile * tiles.Height;
            var target = partial is null
                ? (float*)c + (long)row * cStride
                : partial.Pointer + ((long)piece * samples + row) * partialStride;
            kernels[tile < tiles.Count - 1 ? 0 : 1]((float*)a + (long)row * aStride + begin, b, target + panel * PanelWidth, null);
        }
    }

    /// <summary>Tiles of equal height for a batch; the last may be lower, and so may the last piece be shorter.</summary>
    private RowTiles TilesOf(int count)
    {
        var tileCount = (count + tileRows - 1) / tileRows;
        var height = (count + tileCount - 1) / tileCount;
        tileCount = (count + height - 1) / height;
        var last = count - (tileCount - 1) * height;
        return new RowTiles(height, tileCount, [Kernel(height, pieceLength), Kernel(last, pieceLength)], [Kernel(height, LastTerms), Kernel(last, LastTerms)]);
    }

    private TileKernel Kernel(int rows, int terms) => TileCompiler.Compile(vectors, new TileShape(
        rows, widest, aStride, partial is null ? cStride : partialStride, TileLoop.Once, TileLoop.Once, new TileLoop(terms, 1, PanelWidth), TileEnd.Store));

    /// <summary>Adds the pieces of a sample in order, and the bias.</summary>
    private void Finish(int sample, int worker)
    {
        var to = (float*)c + (long)sample * cStride;
        var first = partial is null ? to : partial.Pointer + (long)sample * partialStride;
        var width = (columns + 15) / 16 * 16;
        for (var j = 0; j < width; j += 16)
        {
            var sum = Vector512.Load(first + j);
            for (var piece = 1; piece < pieces; piece++) sum += Vector512.Load(first + (long)piece * samples * partialStride + j);
            if (bias != 0) sum += Vector512.Load((float*)bias + j);
            if (adds) sum += Vector512.Load(to + j);
            sum.Store(to + j);
        }
    }

    // Kernels for a tile of full height and for the last one.
    private sealed record RowTiles(int Height, int Count, TileKernel[] Kernels, TileKernel[] KernelsOfLastPiece);
}
