namespace Microsoft.ML.Data;

/// <summary>A view of objects. A list can be shuffled; any other sequence is read in its order, once per cursor.</summary>
internal sealed class ObjectView<TRow>(IEnumerable<TRow> data, ObjectColumns<TRow> columns) : IDataView
    where TRow : class
{
    public bool CanShuffle => data is IList<TRow>;

    public DataViewSchema Schema => columns.Schema;

    public long? GetRowCount() => data.TryGetNonEnumeratedCount(out var count) ? count : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        return rand is not null && data is IList<TRow> list
            ? new Cursor(columns, active, RowOrder.Of(list.Count, rand).Select(index => ((long)index, list[index])))
            : new Cursor(columns, active, data.Select((row, index) => ((long)index, row)));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ObjectColumns<TRow> columns, HashSet<int> active, IEnumerable<(long Id, TRow Row)> rows) : DataViewRowCursor
    {
        private readonly IEnumerator<(long Id, TRow Row)> _rows = rows.GetEnumerator();
        private readonly ObjectRow<TRow> _row = new(columns);

        public override long Position => _row.Position;

        public override long Batch => 0;

        public override DataViewSchema Schema => columns.Schema;

        public override bool MoveNext()
        {
            if (!_rows.MoveNext())
                return false;
            _row.Set(_rows.Current.Row ?? throw new InvalidOperationException(
                $"Row {_rows.Current.Id} of the data is null; every row must be a {typeof(TRow).Name}."));
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? _row.GetGetter<TValue>(column) : throw RowErrors.NotActive(Schema[column.Index]);

        // Of the object's own place in the data, whatever the order of reading.
        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_rows.Current.Id, 0);

        protected override void Dispose(bool disposing)
        {
            _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
