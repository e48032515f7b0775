using Microsoft.ML;

namespace MLPipelines.Batching;

/// <summary>A data view with the columns of a <see cref="BatchMapping"/> added. Rows keep their order, ids and number.</summary>
internal sealed class BatchedView(IDataView source, BatchMapping mapping) : IDataView
{
    /// <inheritdoc/>
    public DataViewSchema Schema => mapping.OutputSchema;

    /// <inheritdoc/>
    public bool CanShuffle => source.CanShuffle;

    /// <inheritdoc/>
    public long? GetRowCount() => source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = mapping.Active(columnsNeeded);
        return Cursor(source.GetRowCursor(Dependencies(active), rand), active);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = mapping.Active(columnsNeeded);
        return [.. source.GetRowCursorSet(Dependencies(active), n, rand).Select(cursor => Cursor(cursor, active))];
    }

    private IEnumerable<DataViewSchema.Column> Dependencies(bool[] active) =>
        mapping.GetDependencies(Schema.Where(column => active[column.Index]));

    // Reading ahead needs values that outlive their row: while a column of images (or of another type that belongs to its source) is
    // active, rows are computed one at a time.
    private DataViewRowCursor Cursor(DataViewRowCursor source, bool[] active)
    {
        try
        {
            return mapping.BatchSize > 1 && mapping.AnyAdded(active) && Dependencies(active).All(column => BatchColumn.CanHold(column.Type))
                ? new BatchedCursor(mapping, source, active)
                : new RowByRowCursor(mapping, source, active);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
