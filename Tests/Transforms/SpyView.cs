using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Transforms;

/// <summary>Passes rows through and notes which columns were asked for and how many rows were read.</summary>
internal sealed class SpyView(IDataView source) : IDataView
{
    public List<string> ColumnsAskedFor { get; } = [];

    public int RowsRead { get; private set; }

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ColumnsAskedFor.AddRange(columnsNeeded.Select(column => column.Name));
        return new Cursor(this, source.GetRowCursor(columnsNeeded));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(SpyView spy, DataViewRowCursor inner) : DataViewRowCursor
    {
        public override DataViewSchema Schema => inner.Schema;

        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override bool MoveNext()
        {
            var moved = inner.MoveNext();
            spy.RowsRead += moved ? 1 : 0;
            return moved;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
