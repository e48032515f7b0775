using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A view of those rows that a test accepts.</summary>
/// <param name="source">The rows.</param>
/// <param name="testedColumns">The columns that the test reads.</param>
/// <param name="createTest">Makes the test over a row that moves.</param>
internal sealed class FilteredView(
    IDataView source, IReadOnlyList<DataViewSchema.Column> testedColumns, Func<DataViewRow, Func<bool>> createTest) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return new Cursor(source.GetRowCursor(WithTested(active), rand), active, createTest);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(WithTested(active), n, rand).Select(cursor => new Cursor(cursor, active, createTest))];
    }

    private IEnumerable<DataViewSchema.Column> WithTested(IEnumerable<DataViewSchema.Column> active) =>
        active.Concat(testedColumns).DistinctBy(column => column.Index);

    private sealed class Cursor(DataViewRowCursor source, IEnumerable<DataViewSchema.Column> active, Func<DataViewRow, Func<bool>> createTest)
        : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
        private readonly Func<bool> _accepts = createTest(source);
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext()
        {
            while (source.MoveNext())
            {
                if (!_accepts())
                    continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? source.GetGetter<TValue>(column) : throw RowErrors.NotActive(Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            source.Dispose();
            base.Dispose(disposing);
        }
    }
}
