using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

        // Transposed: in squares of 4, so that both sides are read and written in whole vectors.
        var (wholeRows, wholeColumns) = rowStride == 1 && Sse.IsSupported ? (rows / 4 * 4, count / 4 * 4) : (0, 0);
        for (var row = 0; row < wholeRows; row += 4)
        {
            for (var column = 0; column < wholeColumns; column += 4)
                Transpose(source + (long)(first + column) * columnStride + row, columnStride, panel + (long)row * width + column, width);
        }

        for (var column = 0; column < count; column++)
        {
            var from = source + (long)(first + column) * columnStride;
            for (var row = column < wholeColumns ? wholeRows : 0; row < rows; row++) panel[(long)row * width + column] = from[(long)row * rowStride];
        }
    }

    private static void Transpose(float* source, int sourceStride, float* target, int targetStride)
    {
        var (a, b) = (Vector128.Load(source), Vector128.Load(source + sourceStride));
        var (c, d) = (Vector128.Load(source + 2 * sourceStride), Vector128.Load(source + 3 * sourceStride));
        var (ab, cd) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d));
        Sse.MoveLowToHigh(ab, cd).Store(target);
        Sse.MoveHighToLow(cd, ab).Store(target + targetStride);
        (ab, cd) = (Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
        Sse.MoveLowToHigh(ab, cd).Store(target + 2 * targetStride);
        Sse.MoveHighToLow(cd, ab).Store(target + 3 * targetStride);
    }
}
