namespace MLPipelines.Evaluation;

/// <summary>A table of scores that grows by rows, in blocks of about 8 MiB: nothing is copied when it grows, and no array is too long.</summary>
internal sealed class ScoreTable
{
    private const int ValuesPerBlock = 1 << 20;

    private readonly List<double[]> blocks = [];
    private readonly int columns;
    private readonly int rowBits;

    public ScoreTable(int columns)
    {
        this.columns = columns;
        rowBits = Math.Max(0, int.Log2(Math.Max(1, ValuesPerBlock / columns)));
    }

    public int Rows { get; private set; }

    private int RowsPerBlock => 1 << rowBits;

    public ReadOnlySpan<double> Row(int row) => Slice(row);

    /// <summary>A new row, to be filled by the caller.</summary>
    public Span<double> Append()
    {
        if (Rows == blocks.Count << rowBits)
            blocks.Add(new double[Rows == 0 ? Math.Min(RowsPerBlock, 256) * columns : RowsPerBlock * columns]);
        else if (Rows < RowsPerBlock && Rows * columns == blocks[0].Length)
            GrowFirst();
        return Slice(Rows++);
    }

    private Span<double> Slice(int row) => blocks[row >> rowBits].AsSpan((row & (RowsPerBlock - 1)) * columns, columns);

    // A small set must not cost 8 MiB: the first block alone grows by doubling.
    private void GrowFirst()
    {
        var block = blocks[0];
        Array.Resize(ref block, Math.Min(block.Length * 2, RowsPerBlock * columns));
        blocks[0] = block;
    }
}
