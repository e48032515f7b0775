namespace MLPipelines.Learning;

/// <summary>A 3×3 convolution without stride from one map to another by <see cref="WinogradTransforms"/>: 36 matrix products of tiles × channels.</summary>
internal sealed unsafe class WinogradProduct
{
    private const int FloatsOfABlock = 96 * 1024; // of transformed tiles, before and after the products: they stay in the second level cache

    private readonly VectorSet vectors;
    private readonly FeatureMap source;
    private readonly ImageShape target;
    private readonly int padding;
    private readonly int tileRows;
    private readonly int tilesOfARow;
    private readonly int rowsOfABlock;
    private readonly int sourcePlace;
    private readonly int targetPlace;
    private readonly int panels;
    private readonly TileGrid grid;
    private readonly TileGrid gridOfLastBlock;
    private readonly AlignedFloats packed;
    private readonly Action<int, int> packPlace;
    private AlignedFloats? buffers;
    private int bufferLength;

    // The matrix being packed.
    private nint weights;
    private int weightPlace;
    private int weightRow;
    private int weightColumn;

    /// <param name="vectors">The registers.</param>
    /// <param name="source">What is convolved; gets the border that whole tiles need.</param>
    /// <param name="target">What comes out.</param>
    /// <param name="padding">Zeros around the source, 0 to 2.</param>
    public WinogradProduct(VectorSet vectors, FeatureMap source, ImageShape target, int padding)
    {
        (this.vectors, this.source, this.target, this.padding) = (vectors, source, target, padding);
        (tileRows, tilesOfARow) = (Tiles(target.Height), Tiles(target.Width));
        source.NeedBorder(padding);
        source.NeedBorder(tileRows * WinogradTransforms.Tile + 2 - padding - source.Shape.Height);
        source.NeedBorder(tilesOfARow * WinogradTransforms.Tile + 2 - padding - source.Shape.Width);

        var (channels, pitch, targetPitch) = (source.Shape.Channels, source.Pitch, Parameters.Pitch(target.Channels));
        var most = Math.Max(1, FloatsOfABlock / (WinogradTransforms.Places * (pitch + targetPitch) * tilesOfARow));
        var blocks = (tileRows + most - 1) / most;
        rowsOfABlock = (tileRows + blocks - 1) / blocks;
        (sourcePlace, targetPlace) = (PlaceStride(rowsOfABlock * tilesOfARow * pitch), PlaceStride(rowsOfABlock * tilesOfARow * targetPitch));
        grid = Grid(rowsOfABlock);
        gridOfLastBlock = Grid((tileRows - 1) % rowsOfABlock + 1);
        panels = PanelPacking.Length(vectors, channels, target.Channels);
        packed = new AlignedFloats((long)WinogradTransforms.Places * panels);
        packPlace = PackPlace;

        TileGrid Grid(int rows) => new(vectors, rows * tilesOfARow, target.Channels, channels, true, (height, panel) => new TileShape(
            height, panel, pitch, targetPitch, TileLoop.Once, TileLoop.Once, new TileLoop(channels, 1, panel * vectors.Lanes), TileEnd.Store));
    }

    /// <summary>Rows of the output that are computed together.</summary>
    public int RowsAtOnce => rowsOfABlock * WinogradTransforms.Tile;

    /// <summary>Tiles on a side.</summary>
    public static int Tiles(int length) => (length + WinogradTransforms.Tile - 1) / WinogradTransforms.Tile;

    /// <summary>From a place of transformed tiles to the next: never a multiple of 4096 bytes, where all places would fall onto the same lines of the cache.</summary>
    public static int PlaceStride(int floats) => floats + 16;

    /// <summary>Reserves room for workers.</summary>
    public void Build(int workers)
    {
        bufferLength = WinogradTransforms.Places * (sourcePlace + targetPlace) + WinogradTransforms.Scratch(tilesOfARow);
        buffers = new AlignedFloats((long)workers * bufferLength);
    }

    /// <summary>Packs transformed weights: <c>B[place][channel, filter] = values[place · placeStride + channel · rowStride + filter · columnStride]</c>.</summary>
    public void Pack(float* values, int placeStride, int rowStride, int columnStride, ThreadTeam team)
    {
        (weights, weightPlace, weightRow, weightColumn) = ((nint)values, placeStride, rowStride, columnStride);
        team.For(WinogradTransforms.Places, packPlace);
    }

    /// <summary>Computes rows of a sample's output.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="worker">Who computes.</param>
    /// <param name="firstRow">The first row, a multiple of <see cref="RowsAtOnce"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="result">Where the first row goes.</param>
    /// <param name="rowStride">From a row of the result to the next.</param>
    /// <param name="bias">Added to every pixel; null for none.</param>
    /// <param name="hasRelu">Whether what is below zero becomes zero.</param>
    /// <param name="adds">Whether to add to what is there.</param>
    public void Run(int sample, int worker, int firstRow, int rows, float* result, int rowStride, float* bias, bool hasRelu, bool adds)
    {
        var inputs = buffers!.Pointer + (long)worker * bufferLength;
        var products = inputs + WinogradTransforms.Places * sourcePlace;
        var scratch = products + WinogradTransforms.Places * targetPlace;
        var first = source.Of(sample, worker) - padding * (source.RowStride + source.Pitch);
        var targetPitch = Parameters.Pitch(target.Channels);
        var end = Tiles(firstRow + rows);
        for (var block = firstRow / WinogradTransforms.Tile; block < end; block += rowsOfABlock)
        {
            var count = Math.Min(rowsOfABlock, tileRows - block);
            for (var row = 0; row < count; row++)
            {
                WinogradTransforms.Inputs(
                    first + (long)(block + row) * WinogradTransforms.Tile * source.RowStride, source.RowStride, source.Pitch, tilesOfARow,
                    inputs + row * tilesOfARow * source.Pitch, sourcePlace, scratch);
            }

            var tiles = count == rowsOfABlock ? grid : gridOfLastBlock;
            for (var place = 0; place < WinogradTransforms.Places; place++)
                tiles.Run(inputs + place * sourcePlace, source.Pitch, packed.Pointer + (long)place * panels, products + place * targetPlace, targetPitch, null);

            for (var row = 0; row < count; row++)
            {
                var y = (block + row) * WinogradTransforms.Tile - firstRow;
                WinogradTransforms.Outputs(
                    products + row * tilesOfARow * targetPitch, targetPlace, targetPitch, result + (long)y * rowStride, rowStride,
                    Math.Min(WinogradTransforms.Tile, rows - y), target.Width, bias, hasRelu, adds, scratch);
            }
        }
    }

    private void PackPlace(int place, int worker) =>
        grid.Pack((float*)weights + (long)place * weightPlace, weightRow, weightColumn, source.Shape.Channels, target.Channels,
            packed.Pointer + (long)place * panels, source.Shape.Channels, 0);
}
