namespace Microsoft.ML.Data;

/// <summary>A view seen through a transformer that makes every row from one row. Lazy: only the columns a cursor needs are computed.</summary>
internal sealed class MappedView(IDataView source, IRowToRowMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return Map(source.GetRowCursor(mapper.GetDependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(mapper.GetDependencies(active), n, rand).Select(cursor => Map(cursor, active))];
    }

    private MappedCursor Map(DataViewRowCursor cursor, DataViewSchema.Column[] active) => new(cursor, mapper.GetRow(cursor, active));
}
