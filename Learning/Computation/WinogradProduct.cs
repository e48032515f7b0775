namespace MLPipelines.Learning;

/// <summary>A 3×3 convolution from one map to another by <see cref="WinogradTransforms"/>: for each place a matrix product of tiles × channels.</summary>
/// <remarks>Forward it sums over the planes of what it reads; backward it reads one map and writes planes of another.</remarks>
internal sealed unsafe class WinogradProduct
{
    private const int FloatsOfABlock = 96 * 1024; // of transformed tiles, before and after the products: they stay in the second level cache

    private readonly VectorSet vectors;
    private readonly WinogradTransforms transforms;
    private readonly FeatureMap source;
    private readonly MapPlanes sources;
    private readonly ImageShape target;
    private readonly MapPlanes targets;
    private readonly int tileRows;
    private readonly int tilesOfARow;
    private readonly int rowsOfABlock;
    private readonly int sourceTile;
    private readonly int targetTile;
    private readonly int sourcePlace;
    private readonly int targetPlace;
    private readonly Dictionary<(int Rows, int Columns), Grids> grids = [];
    private readonly Product[][] products;
    private readonly AlignedFloats packed;
    private readonly Action<int, int> packPlace;
    private AlignedFloats? buffers;
    private int bufferLength;

    // The matrices being packed.
    private TransformedWeights? weights;
    private bool isTurned;

    /// <param name="vectors">The registers.</param>
    /// <param name="planes">The convolution.</param>
    /// <param name="source">What is convolved; gets the border that whole tiles need.</param>
    /// <param name="sources">The planes it is read by: those of the convolution, or one.</param>
    /// <param name="target">What comes out.</param>
    /// <param name="targets">The planes it is written by: one, or those of the convolution.</param>
    public WinogradProduct(VectorSet vectors, WinogradPlanes planes, FeatureMap source, MapPlanes sources, ImageShape target, MapPlanes targets)
    {
        (this.vectors, this.source, this.sources, this.target, this.targets) = (vectors, source, sources, target, targets);
        transforms = planes.Transforms;
        (tileRows, tilesOfARow) = (Tiles(target.Height, targets.Step), Tiles(target.Width, targets.Step));
        sources.NeedBorder(source, transforms, tileRows, tilesOfARow);
        (sourceTile, targetTile) = (sources.Offsets.Count * source.Pitch, targets.Offsets.Count * Parameters.Pitch(target.Channels));

        var most = Math.Max(1, FloatsOfABlock / (transforms.Places * (sourceTile + targetTile) * tilesOfARow));
        var blocks = (tileRows + most - 1) / most;
        rowsOfABlock = (tileRows + blocks - 1) / blocks;
        (sourcePlace, targetPlace) = (PlaceStride(rowsOfABlock * tilesOfARow * sourceTile), PlaceStride(rowsOfABlock * tilesOfARow * targetTile));

        var length = 0L;
        products = [.. Enumerable.Range(0, transforms.Places).Select(place => ProductsOf(planes, place, ref length))];
        packed = new AlignedFloats(length);
        packPlace = PackPlace;
    }

    /// <summary>Rows of the output that are computed together.</summary>
    public int RowsAtOnce => rowsOfABlock * WinogradTransforms.Tile;

    /// <summary>Tiles on a side of so many pixels, of which a plane has every <paramref name="step"/>-th.</summary>
    public static int Tiles(int length, int step = 1) => (length + step * WinogradTransforms.Tile - 1) / (step * WinogradTransforms.Tile);

    /// <summary>From a place of transformed tiles to the next: never a multiple of 4096 bytes, where all places would fall onto the same lines of the cache.</summary>
    public static int PlaceStride(int floats) => floats + 16;

    /// <summary>Reserves room for workers.</summary>
    public void Build(int workers)
    {
        bufferLength = transforms.Places * (sourcePlace + targetPlace) + transforms.Scratch(tilesOfARow);
        buffers = new AlignedFloats((long)workers * bufferLength);
    }

    /// <summary>Packs transformed weights.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="turned">Whether the sum runs over filters, not over channels.</param>
    /// <param name="team">Who packs.</param>
    public void Pack(TransformedWeights values, bool turned, ThreadTeam team)
    {
        (weights, isTurned) = (values, turned);
        team.For(transforms.Places, packPlace);
    }

    /// <summary>Computes rows of a sample's output; all of them where it is written by planes.</summary>
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
        var outputs = inputs + transforms.Places * sourcePlace;
        var scratch = outputs + transforms.Places * targetPlace;
        var end = Tiles(firstRow + rows, targets.Step);
        for (var block = firstRow / WinogradTransforms.Tile; block < end; block += rowsOfABlock)
        {
            var count = Math.Min(rowsOfABlock, tileRows - block);
            for (var row = 0; row < count; row++) Read(source.Of(sample, worker), block + row, inputs + row * tilesOfARow * sourceTile, scratch);
            foreach (var place in products)
            {
                foreach (var product in place)
                {
                    var grid = count == rowsOfABlock ? product.Grids.OfABlock : product.Grids.OfTheLast;
                    grid.Run(inputs + product.Input, sourceTile, packed.Pointer + product.Packed, outputs + product.Output, targetTile, null);
                }
            }

            for (var row = 0; row < count; row++)
                Write(outputs + row * tilesOfARow * targetTile, (block + row) * WinogradTransforms.Tile - firstRow, rows, result, rowStride, bias, hasRelu, adds, scratch);
        }
    }

    private void Read(float* first, int tileRow, float* tiles, float* scratch)
    {
        for (var plane = 0; plane < sources.Offsets.Count; plane++)
        {
            var (row, column) = sources.Offsets[plane];
            var y = row + tileRow * WinogradTransforms.Tile * sources.Step;
            transforms.Inputs(
                first + (long)y * source.RowStride + column * source.Pitch, sources.Step * source.RowStride, sources.Step * source.Pitch, source.Pitch, tilesOfARow,
                tiles + plane * source.Pitch, sourcePlace, sourceTile, scratch);
        }
    }

    private void Write(float* tiles, int tileRow, int rows, float* result, int rowStride, float* bias, bool hasRelu, bool adds, float* scratch)
    {
        var (step, pitch) = (targets.Step, Parameters.Pitch(target.Channels));
        for (var plane = 0; plane < targets.Offsets.Count; plane++)
        {
            var (row, column) = targets.Offsets[plane];
            var (height, width) = ((rows - row + step - 1) / step - tileRow, (target.Width - column + step - 1) / step);
            transforms.Outputs(
                tiles + plane * pitch, targetPlace, targetTile, pitch, result + (long)(row + step * tileRow) * rowStride + column * pitch, step * rowStride, step * pitch,
                Math.Min(WinogradTransforms.Tile, height), width, bias, hasRelu, adds, scratch);
        }
    }

    // What is read by planes is one product over all that do not vanish; what is written by planes is one product for each.
    private Product[] ProductsOf(WinogradPlanes planes, int place, ref long length)
    {
        var present = planes.At(place);
        var readsPlanes = targets.Offsets.Count == 1;
        var loops = readsPlanes ? (planes.CountAt(place / transforms.Side), planes.CountAt(place % transforms.Side)) : (1, 1);
        if (!grids.TryGetValue(loops, out var compiled))
            grids.Add(loops, compiled = new Grids(Grid(rowsOfABlock, loops), Grid((tileRows - 1) % rowsOfABlock + 1, loops)));
        List<Product> list = [];
        foreach (var summed in readsPlanes ? [present] : present.Select(plane => (IReadOnlyList<int>)[plane]))
        {
            var written = readsPlanes ? 0 : summed[0];
            list.Add(new Product(compiled, summed, place * sourcePlace, length, place * targetPlace + written * Parameters.Pitch(target.Channels)));
            length += PanelPacking.Length(vectors, summed.Count * source.Shape.Channels, target.Channels);
        }

        return [.. list];
    }

    // The sum runs over rows of planes, over the planes of a row, and over channels.
    private TileGrid Grid(int rows, (int Rows, int Columns) planes)
    {
        var (channels, pitch) = (source.Shape.Channels, source.Pitch);
        var steps = planes.Rows * planes.Columns * channels;
        return new TileGrid(vectors, rows * tilesOfARow, target.Channels, steps, true, (height, panel) =>
        {
            var width = panel * vectors.Lanes;
            var inner = new TileLoop(channels, 1, width);
            var middle = planes.Columns == 1 ? TileLoop.Once : new TileLoop(planes.Columns, pitch, channels * width);
            var outer = planes.Rows == 1 ? TileLoop.Once : new TileLoop(planes.Rows, 2 * pitch, planes.Columns * channels * width);
            return new TileShape(height, panel, sourceTile, targetTile, outer, middle, inner, TileEnd.Store);
        });
    }

    private void PackPlace(int place, int worker)
    {
        foreach (var product in products[place])
        {
            var (sourceChannels, pitch) = (source.Shape.Channels, weights!.Pitch);
            var steps = product.Planes.Count * sourceChannels;
            for (var index = 0; index < product.Planes.Count; index++)
            {
                product.Grids.OfABlock.Pack(
                    weights.Of(place, product.Planes[index]), isTurned ? 1 : pitch, isTurned ? pitch : 1, sourceChannels, target.Channels,
                    packed.Pointer + product.Packed, steps, index * sourceChannels);
            }
        }
    }

    // One matrix product: the planes it sums over, and where its operands lie.
    private sealed record Product(Grids Grids, IReadOnlyList<int> Planes, int Input, long Packed, int Output);

    private sealed record Grids(TileGrid OfABlock, TileGrid OfTheLast);
}
