namespace MLPipelines.Learning;

/// <summary>How a block of rows × columns of results is cut into tiles that fit the registers.</summary>
/// <param name="Rows">Rows of each tile, top to bottom.</param>
/// <param name="Panels">Vectors of each panel of columns, left to right.</param>
public sealed record Tiling(IReadOnlyList<int> Rows, IReadOnlyList<int> Panels)
{
    private const int WidestPanel = 4;
    private const int ChainsToFillThePipeline = 8;

    /// <summary>The tiling with the least estimated time.</summary>
    /// <param name="vectors">The registers.</param>
    /// <param name="rows">Rows of the block: pixels of a line, inputs, samples.</param>
    /// <param name="columns">Columns of the block; the last vector may be wider than what is left.</param>
    public static Tiling Of(VectorSet vectors, int rows, int columns)
    {
        var width = vectors.RoundUp(columns) / vectors.Lanes;
        return Enumerable.Range(1, Math.Min(WidestPanel, width)).Select(widest => Cut(vectors, rows, width, widest)).MinBy(tiling => tiling.Cost)!;
    }

    /// <summary>Half cycles for one step of the sum on a machine with two multiply-adds and two loads a cycle.</summary>
    private int Cost => Panels.Sum(panel => Rows.Sum(rows => Math.Max(Math.Max(rows * panel, rows + panel), ChainsToFillThePipeline)));

    private static Tiling Cut(VectorSet vectors, int rows, int width, int widest) =>
        new(Even(rows, vectors.Accumulators / widest), Even(width, widest));

    /// <summary>The fewest parts of at most <paramref name="most"/>, as equal as can be, the larger first.</summary>
    private static int[] Even(int total, int most)
    {
        var parts = (total + most - 1) / most;
        return [.. Enumerable.Range(0, parts).Select(part => (total + parts - 1 - part) / parts)];
    }
}
