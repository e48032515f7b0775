namespace MLPipelines.Learning;

/// <summary>The gradient of the weights of a 3×3 convolution by <see cref="WinogradTransforms"/>: for each place a product of channels × tiles × filters.</summary>
/// <remarks>
/// Where a sample has few tiles, those of several samples of a slot are gathered first, so that the sums, which take four times the room of the
/// weights, are not read and written for every few products.
/// </remarks>
internal sealed unsafe class WinogradWeightGradient
{
    private const int FloatsOfAGroup = 192 * 1024;
    private const int FewestTiles = 32;
    private const int MostTiles = 64;

    private readonly VectorSet vectors;
    private readonly WinogradPlanes planes;
    private readonly WinogradTransforms transforms;
    private readonly MapPlanes sources;
    private readonly int[][] planesAtPlaces;
    private readonly FeatureMap source;
    private readonly FeatureMap gradient;
    private readonly int sourceTile;
    private readonly int tileRows;
    private readonly int tilesOfARow;
    private readonly int rowsOfAChunk;
    private readonly int tilesWanted;
    private readonly int sumPlace;
    private readonly Dictionary<int, Grids> gridsOfCounts = [];
    private Buffers[] buffers = [];
    private int samplesOfAGroup;
    private int tilesOfAGroup;
    private Grids? grids;

    /// <param name="vectors">The registers.</param>
    /// <param name="planes">The convolution, forward.</param>
    /// <param name="source">What is convolved; it has the border that whole tiles need.</param>
    /// <param name="gradient">The gradient of the output; gets the border that whole tiles need.</param>
    public WinogradWeightGradient(VectorSet vectors, WinogradPlanes planes, FeatureMap source, FeatureMap gradient)
    {
        (this.vectors, this.planes, this.source, this.gradient) = (vectors, planes, source, gradient);
        (transforms, sources, sourceTile) = (planes.Transforms, MapPlanes.Of(planes), planes.Count * source.Pitch);
        planesAtPlaces = [.. Enumerable.Range(0, transforms.Places).Select(place => planes.At(place).ToArray())];
        (tileRows, tilesOfARow) = (WinogradProduct.Tiles(gradient.Shape.Height), WinogradProduct.Tiles(gradient.Shape.Width));
        gradient.NeedBorder(tileRows * WinogradTransforms.Tile - gradient.Shape.Height);
        gradient.NeedBorder(tilesOfARow * WinogradTransforms.Tile - gradient.Shape.Width);
        tilesWanted = Math.Clamp(FloatsOfAGroup / (transforms.Places * (sourceTile + gradient.Pitch)), FewestTiles, MostTiles);
        var chunks = (tileRows * tilesOfARow + tilesWanted - 1) / tilesWanted;
        rowsOfAChunk = (tileRows + chunks - 1) / chunks;
        sumPlace = WinogradProduct.PlaceStride(planes.Count * SumPlane);
    }

    private int TilesOfAChunk => rowsOfAChunk * tilesOfARow;

    private int SumPlane => source.Shape.Channels * gradient.Pitch;

    /// <summary>Reserves room for workers.</summary>
    public void Build(int workers, int largestBatch)
    {
        var most = SamplesOfAGroup(largestBatch) * TilesOfAChunk;
        var (inputPlace, outputPlace) = (WinogradProduct.PlaceStride(most * sourceTile), WinogradProduct.PlaceStride(most * gradient.Pitch));
        buffers = [.. Enumerable.Range(0, workers).Select(_ => new Buffers(
            inputPlace, outputPlace,
            new AlignedFloats((long)transforms.Places * inputPlace),
            new AlignedFloats((long)transforms.Places * outputPlace),
            new AlignedFloats((long)transforms.Places * sumPlace),
            new AlignedFloats(9 * 16 + transforms.Scratch(tilesOfARow))))];
    }

    /// <summary>Compiles the kernels for a batch, at its first pass.</summary>
    public void Prepare(Pass pass)
    {
        samplesOfAGroup = SamplesOfAGroup(pass.Samples);
        tilesOfAGroup = samplesOfAGroup * TilesOfAChunk;
        if (!gridsOfCounts.TryGetValue(tilesOfAGroup, out grids)) gridsOfCounts.Add(tilesOfAGroup, grids = new Grids(Grid(TileEnd.Store), Grid(TileEnd.Add)));
    }

    /// <summary>Takes a sample; with the slot's last one its sum is there.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="sample">The sample; those of a slot come in order and from one worker.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="worker">Who computes.</param>
    /// <param name="sums">The slot's gradient, [kernel row, kernel column, channel, filter]; written at the last sample.</param>
    public void Add(Pass pass, int sample, int slot, int worker, float* sums)
    {
        var (first, end) = (Slots.First(slot, pass.Samples), Slots.First(slot + 1, pass.Samples));
        var place = (sample - first) % samplesOfAGroup;
        for (var row = 0; row < tileRows; row += rowsOfAChunk)
        {
            var count = Math.Min(rowsOfAChunk, tileRows - row);
            Transform(sample, worker, row, count, place * TilesOfAChunk);
            if (place < samplesOfAGroup - 1 && sample < end - 1) continue;
            var filled = place * TilesOfAChunk + count * tilesOfARow;
            Multiply(buffers[worker], filled, isFirst: row == 0 && sample - first < samplesOfAGroup);
        }

        if (sample == end - 1) Finish(buffers[worker], sums);
    }

    private int SamplesOfAGroup(int samples)
    {
        if (rowsOfAChunk < tileRows) return 1;
        var most = Math.Max(1, tilesWanted / TilesOfAChunk);
        var ofASlot = (samples + Slots.Count(samples) - 1) / Slots.Count(samples);
        var groups = (ofASlot + most - 1) / most;
        return (ofASlot + groups - 1) / groups;
    }

    private void Transform(int sample, int worker, int firstRow, int rows, int tile)
    {
        var buffer = buffers[worker];
        float* inputs = source.Of(sample, worker), outputs = gradient.Of(sample, worker);
        var step = sources.Step;
        for (var row = 0; row < rows; row++, tile += tilesOfARow)
        {
            var y = (firstRow + row) * WinogradTransforms.Tile;
            for (var plane = 0; plane < planes.Count; plane++)
            {
                var (top, left) = sources.Offsets[plane];
                transforms.Inputs(
                    inputs + (long)(top + step * y) * source.RowStride + left * source.Pitch, step * source.RowStride, step * source.Pitch, source.Pitch, tilesOfARow,
                    buffer.Inputs.Pointer + tile * sourceTile + plane * source.Pitch, buffer.InputPlace, sourceTile, buffer.Scratch.Pointer);
            }

            transforms.Gradients(
                outputs + (long)y * gradient.RowStride, gradient.RowStride, gradient.Pitch, gradient.Pitch, tilesOfARow,
                buffer.Outputs.Pointer + tile * gradient.Pitch, buffer.OutputPlace, gradient.Pitch, buffer.Scratch.Pointer);
        }
    }

    private void Multiply(Buffers buffer, int filled, bool isFirst)
    {
        var grid = isFirst ? grids!.Store : grids!.Add;
        for (var place = 0; place < transforms.Places; place++)
        {
            var inputs = buffer.Inputs.Pointer + (long)place * buffer.InputPlace;
            var outputs = buffer.Outputs.Pointer + (long)place * buffer.OutputPlace;
            if (filled < tilesOfAGroup)
            {
                new Span<float>(inputs + filled * sourceTile, (tilesOfAGroup - filled) * sourceTile).Clear();
                new Span<float>(outputs + filled * gradient.Pitch, (tilesOfAGroup - filled) * gradient.Pitch).Clear();
            }

            foreach (var plane in planesAtPlaces[place])
                grid.Run(inputs + plane * source.Pitch, 1, outputs, buffer.Sums.Pointer + (long)place * sumPlace + plane * SumPlane, gradient.Pitch, null);
        }
    }

    private void Finish(Buffers buffer, float* sums)
    {
        var kernel = buffer.Scratch.Pointer;
        var places = transforms.Taps * transforms.Taps;
        for (var plane = 0; plane < planes.Count; plane++)
        {
            for (var i = 0; i < SumPlane; i += 16)
            {
                transforms.WeightGradients(buffer.Sums.Pointer + plane * SumPlane + i, sumPlace, kernel, 16, kernel + 9 * 16);
                for (var place = 0; place < places; place++)
                {
                    if (planes.Tap(plane, place) is >= 0 and var tap)
                        new ReadOnlySpan<float>(kernel + place * 16, 16).CopyTo(new Span<float>(sums + (long)tap * SumPlane + i, 16));
                }
            }
        }
    }

    private TileGrid Grid(TileEnd end) => new(vectors, source.Shape.Channels, gradient.Shape.Channels, 0, false, (rows, panel) => new TileShape(
        rows, panel, 1, gradient.Pitch, TileLoop.Once, TileLoop.Once, new TileLoop(tilesOfAGroup, sourceTile, gradient.Pitch), end));

    // What a worker gathers: transformed inputs and gradients, [place, tile, channel], and the sums of their products, [place, channel, filter].
    private sealed record Buffers(int InputPlace, int OutputPlace, AlignedFloats Inputs, AlignedFloats Outputs, AlignedFloats Sums, AlignedFloats Scratch);

    private sealed record Grids(TileGrid Store, TileGrid Add);
}
