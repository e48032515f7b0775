namespace MLPipelines.Learning;

/// <summary>Rearranges a matrix into panels of columns, each a stretch of whole vectors per row, as tile kernels read B.</summary>
internal static unsafe class PanelPacking
{
    /// <summary>How many floats the panels of a matrix take.</summary>
    public static int Length(VectorSet vectors, int rows, int columns) => rows * vectors.RoundUp(columns);

    /// <summary>Packs one panel: <c>panel[row][j] = source[row · rowStride + (first + j) · columnStride]</c>, zero beyond the last column.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="rowStride">From a row of it to the next.</param>
    /// <param name="columnStride">From a column to the next; 1 or, where it is transposed, more.</param>
    /// <param name="rows">Rows to pack.</param>
    /// <param name="first">The first column of the panel.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="panel">Where to.</param>
    /// <param name="width">Floats of a row of the panel.</param>
    public static void Pack(float* source, int rowStride, int columnStride, int rows, int first, int columns, float* panel, int width)
    {
        var count = Math.Min(width, columns - first);
        if (count < width) new Span<float>(panel, rows * width).Clear();
        if (columnStride == 1)
        {
            for (var row = 0; row < rows; row++)
                new ReadOnlySpan<float>(source + (long)row * rowStride + first, count).CopyTo(new Span<float>(panel + (long)row * width, count));
            return;
        }

        // Transposed: in blocks of 16 rows, so that a cache line that is read is used up before it leaves.
        for (var begin = 0; begin < rows; begin += 16)
        {
            var end = Math.Min(begin + 16, rows);
            for (var column = 0; column < count; column++)
            {
                var from = source + (long)(first + column) * columnStride;
                for (var row = begin; row < end; row++) panel[(long)row * width + column] = from[(long)row * rowStride];
            }
        }
    }
}
