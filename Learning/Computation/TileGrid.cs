namespace MLPipelines.Learning;

/// <summary>The kernels that cover a block of rows × columns: one for each tile height and panel width.</summary>
internal sealed unsafe class TileGrid
{
    private readonly VectorSet vectors;
    private readonly Tile[] tiles;
    private readonly int[] panels;

    /// <param name="vectors">The registers.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="steps">Terms of a sum: rows of a panel of B.</param>
    /// <param name="shape">The shape of a tile from its rows, its vectors and the floats from a row of B to the next.</param>
    /// <param name="isPacked">Whether B is packed in panels, one after the other; else its panels lie side by side.</param>
    public TileGrid(VectorSet vectors, int rows, int columns, int steps, bool isPacked, Func<int, int, TileShape> shape)
    {
        this.vectors = vectors;
        var tiling = Tiling.Of(vectors, rows, columns);
        panels = [.. tiling.Panels];
        List<Tile> list = [];
        var (column, packed) = (0, 0);
        foreach (var panel in tiling.Panels)
        {
            var row = 0;
            foreach (var height in tiling.Rows)
            {
                list.Add(new Tile(TileCompiler.Compile(vectors, shape(height, panel)), row, column, isPacked ? packed : column));
                row += height;
            }

            column += panel * vectors.Lanes;
            packed += panel * vectors.Lanes * steps;
        }

        tiles = [.. list];
    }

    /// <summary>Computes the block.</summary>
    /// <param name="a">A's first row.</param>
    /// <param name="aRow">From a row of A to the next.</param>
    /// <param name="b">B's first panel.</param>
    /// <param name="c">C's first row.</param>
    /// <param name="cRow">From a row of C to the next.</param>
    /// <param name="bias">The bias of the first column, if the kernels ask for it.</param>
    public void Run(float* a, int aRow, float* b, float* c, int cRow, float* bias)
    {
        foreach (ref readonly var tile in tiles.AsSpan())
            tile.Kernel(a + (long)tile.Row * aRow, b + tile.B, c + (long)tile.Row * cRow + tile.Column, bias + tile.Column);
    }

    /// <summary>Packs a matrix as <see cref="Run"/> reads it; see <see cref="PanelPacking.Pack"/>.</summary>
    public void Pack(float* source, int rowStride, int columnStride, int rows, int columns, float* packed, int steps, int firstStep)
    {
        var column = 0;
        foreach (var panel in panels)
        {
            var width = panel * vectors.Lanes;
            PanelPacking.Pack(source, rowStride, columnStride, rows, column, columns, packed + (long)column * steps + (long)firstStep * width, width);
            column += width;
        }
    }

    private readonly record struct Tile(TileKernel Kernel, int Row, int Column, int B);
}
