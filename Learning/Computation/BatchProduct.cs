using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary><c>C[sample, column] = Σ A[sample, k] · B[k, column] + bias[column]</c> on a team of threads.</summary>
/// <remarks>B is read in place where its rows are whole panels of columns, and packed into panels otherwise.</remarks>
internal sealed unsafe class BatchProduct
{
    private const int LongestSum = 1024;
    private const int ItemsWanted = 32;

    private readonly VectorSet vectors;
    private readonly int length;
    private readonly int columns;
    private readonly bool isTransposed;
    private readonly bool isPacked;
    private readonly int widest;
    private readonly int panelCount;
    private readonly int tileRows;
    private readonly int pieces;
    private readonly int pieceLength;
    private readonly Action<int, int> packPanel;
    private readonly Action<int, int> multiply;
    private readonly Action<int, int> finish;
    private readonly Dictionary<int, RowTiles> tilesOfBatches = [];
    private readonly AlignedFloats? packed;
    private AlignedFloats? partial;
    private bool hasBias;
    private bool adds;
    private int aStride;
    private int cStride;
    private int partialStride;

    // The run under way.
    private nint b;
    private int samples;
    private RowTiles tiles = new(0, 0, [], []);
    private int tilesOfABlock;
    private nint a;
    private nint c;
    private nint bias;

    /// <param name="vectors">The registers.</param>
    /// <param name="length">Terms of a sum.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="isTransposed">Whether the columns of B are given as rows.</param>
    public BatchProduct(VectorSet vectors, int length, int columns, bool isTransposed)
    {
        (this.vectors, this.length, this.columns, this.isTransposed) = (vectors, length, columns, isTransposed);
        var width = vectors.RoundUp(columns) / vectors.Lanes;
        widest = Math.Min(width, 2);
        tileRows = vectors.Accumulators / widest;
        panelCount = (width + widest - 1) / widest;
        pieces = (length + LongestSum - 1) / LongestSum;
        pieceLength = (length + pieces - 1) / pieces;
        isPacked = isTransposed || columns % PanelWidth != 0;
        packed = isPacked ? new AlignedFloats((long)length * panelCount * PanelWidth) : null;
        (packPanel, multiply, finish) = (PackPanel, Multiply, Finish);
    }

    private int LastTerms => length - (pieces - 1) * pieceLength;

    private int PanelWidth => widest * vectors.Lanes;

    /// <summary>Says how far apart the samples are, whether there is a bias and whether C is added to, and reserves room.</summary>
    public void Build(int aSampleStride, int cSampleStride, int largestBatch, bool addsBias, bool addsToResult)
    {
        (aStride, cStride, hasBias, adds) = (aSampleStride, cSampleStride, addsBias, addsToResult);
        partialStride = panelCount * PanelWidth;
        if (pieces > 1 || adds || partialStride > cStride) partial = new AlignedFloats((long)pieces * largestBatch * partialStride);
    }

    /// <summary>Takes B as of now, which stays where it is until the run is over.</summary>
    public void Prepare(float* values, ThreadTeam team)
    {
        b = (nint)values;
        if (isPacked) team.For(panelCount, packPanel);
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
        if (partial is not null) team.For(count, finish);
    }

    private void PackPanel(int panel, int worker) => PanelPacking.Pack(
        (float*)b, isTransposed ? 1 : columns, isTransposed ? length : 1, length, panel * PanelWidth, columns, packed!.Pointer + (long)panel * length * PanelWidth, PanelWidth);

    private void Multiply(int item, int worker)
    {
        var (block, rest) = Math.DivRem(item, pieces * panelCount);
        var (piece, panel) = Math.DivRem(rest, panelCount);
        var begin = piece * pieceLength;
        var column = panel * PanelWidth;
        var kernels = piece < pieces - 1 ? tiles.Kernels : tiles.KernelsOfLastPiece;
        var right = packed is null ? (float*)b + (long)begin * columns + column : packed.Pointer + ((long)panel * length + begin) * PanelWidth;
        var end = Math.Min(tiles.Count, (block + 1) * tilesOfABlock);
        for (var tile = block * tilesOfABlock; tile < end; tile++)
        {
            var row = tile * tiles.Height;
            var target = partial is null
                ? (float*)c + (long)row * cStride
                : partial.Pointer + ((long)piece * samples + row) * partialStride;
            kernels[tile < tiles.Count - 1 ? 0 : 1]((float*)a + (long)row * aStride + begin, right, target + column, (float*)bias + column);
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

    // A sum that is complete at once takes the bias with it; pieces take it when they are added up.
    private TileKernel Kernel(int rows, int terms) => TileCompiler.Compile(vectors, new TileShape(
        rows, widest, aStride, partial is null ? cStride : partialStride, TileLoop.Once, TileLoop.Once,
        new TileLoop(terms, 1, isPacked ? PanelWidth : columns), partial is null && hasBias ? TileEnd.Bias : TileEnd.Store));

    /// <summary>Adds the pieces of a sample in order, and the bias.</summary>
    private void Finish(int sample, int worker)
    {
        var to = (float*)c + (long)sample * cStride;
        var first = partial!.Pointer + (long)sample * partialStride;
        var width = (columns + 15) / 16 * 16;
        for (var j = 0; j < width; j += 16)
        {
            var sum = Vector512.Load(first + j);
            for (var piece = 1; piece < pieces; piece++) sum += Vector512.Load(first + (long)piece * samples * partialStride + j);
            if (hasBias) sum += Vector512.Load((float*)bias + j);
            if (adds) sum += Vector512.Load(to + j);
            sum.Store(to + j);
        }
    }

    // Kernels for a tile of full height and for the last one.
    private sealed record RowTiles(int Height, int Count, TileKernel[] Kernels, TileKernel[] KernelsOfLastPiece);
}
