using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Batching;

/// <summary>What a transformer adds to the rows of one schema, computed for many rows at once.</summary>
/// <remarks>
/// The output schema is the input schema followed by the added columns; an added column hides an input column of its name.
/// </remarks>
internal abstract class BatchMapping : IRowToRowMapper
{
    /// <param name="inputSchema">The schema of the rows that come in.</param>
    /// <param name="inputColumns">The columns of <paramref name="inputSchema"/> that the computation reads.</param>
    /// <param name="addedColumns">The columns that it adds.</param>
    protected BatchMapping(
        DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.Column> inputColumns, IEnumerable<DataViewSchema.DetachedColumn> addedColumns)
    {
        var output = new DataViewSchema.Builder();
        output.AddColumns(inputSchema);
        output.AddColumns(addedColumns);

        InputSchema = inputSchema;
        InputColumns = inputColumns;
        OutputSchema = output.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The columns the computation reads, in the order in which <see cref="BatchBuffers.Input"/> numbers them.</summary>
    public IReadOnlyList<DataViewSchema.Column> InputColumns { get; }

    /// <summary>How many rows a cursor reads ahead and computes together; 1 computes row by row.</summary>
    public virtual int BatchSize => 64;

    /// <summary>Starts the computation of one cursor or row, which reads and writes <paramref name="buffers"/>.</summary>
    /// <remarks>May be called from several threads: a view can have many cursors.</remarks>
    public abstract IBatchComputation Begin(BatchBuffers buffers);

    /// <summary>The rows of <paramref name="source"/> with the added columns; lazy, and as often readable as the source.</summary>
    public IDataView Apply(IDataView source) => new BatchedView(source, this);

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = Active(dependingColumns);
        if (AnyAdded(active))
        {
            foreach (var column in InputColumns)
                active[column.Index] = true;
        }

        return [.. InputSchema.Where(column => active[column.Index])];
    }

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(this, input, Active(activeColumns));

    /// <summary>By index of the output schema: whether <paramref name="columns"/> names it.</summary>
    internal bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (var column in columns)
            active[column.Index] = true;
        return active;
    }

    internal bool AnyAdded(bool[] active) => active.AsSpan(InputSchema.Count).Contains(true);
}
