namespace MLPipelines.Learning;

/// <summary>Some planes of a map: from which pixel on, and every which pixel of it.</summary>
/// <param name="Step">From a pixel to the next.</param>
/// <param name="Offsets">The first row and column of each plane.</param>
internal sealed record MapPlanes(int Step, IReadOnlyList<(int Row, int Column)> Offsets)
{
    /// <summary>One plane of all pixels, from an offset on.</summary>
    public static MapPlanes Whole(int offset) => new(1, [(offset, offset)]);

    /// <summary>The planes of a convolution.</summary>
    public static MapPlanes Of(WinogradPlanes planes) => new(planes.Step, [.. Enumerable.Range(0, planes.Count).Select(planes.Offset)]);

    /// <summary>Gives a map the border that whole tiles over these planes need.</summary>
    public void NeedBorder(FeatureMap map, WinogradTransforms transforms, int tileRows, int tilesOfARow)
    {
        foreach (var (row, column) in Offsets)
        {
            map.NeedBorder(Math.Max(-row, -column));
            map.NeedBorder(row + Step * LastUnder(tileRows) - (map.Height - 1));
            map.NeedBorder(column + Step * LastUnder(tilesOfARow) - (map.Width - 1));
        }

        int LastUnder(int tiles) => (tiles - 1) * WinogradTransforms.Tile + transforms.Side - 1;
    }
}
