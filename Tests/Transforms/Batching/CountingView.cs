using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Transforms.Batching;

/// <summary>
/// A data view that computes its rows and counts what is done to it. Row i: Number = i, Items = a sparse vector of length 5 with i at slot
/// i % 5, Name = "row i", Lease = an object that dies when the cursor moves on. Its id is (i, 7).
/// </summary>
internal sealed class CountingView : IDataView
{
    public CountingView(int rows)
    {
        Rows = rows;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Number", NumberDataViewType.Single);
        schema.AddColumn("Items", new VectorDataViewType(NumberDataViewType.Single, 5));
        schema.AddColumn("Name", TextDataViewType.Instance);
        schema.AddColumn("Lease", new LeaseType());
        Schema = schema.ToSchema();
    }

    public int Rows { get; }

    /// <summary>The row whose MoveNext throws.</summary>
    public int? BrokenRow { get; init; }

    /// <summary>The row whose Name cannot be read.</summary>
    public int? BrokenName { get; init; }

    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    public int RowsRead { get; private set; }

    /// <summary>The columns asked for by the last cursor.</summary>
    public string[] Needed { get; private set; } = [];

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => Rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Opened++;
        Needed = [.. columnsNeeded.Select(column => column.Name)];
        int[] order = [.. Enumerable.Range(0, Rows)];
        rand?.Shuffle(order);
        return new Cursor(this, order, batch: 0);
    }

    /// <summary>Row i goes to cursor i mod n, with i as its batch number.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        Needed = [.. columnsNeeded.Select(column => column.Name)];
        return [.. Enumerable.Range(0, n).Select(k => new Cursor(this, [.. Enumerable.Range(0, Rows).Where(i => i % n == k)], batch: null))];
    }

    public sealed class Lease(int row) : IDisposable
    {
        private bool _over;

        public int Row => _over ? throw new ObjectDisposedException(nameof(Lease)) : row;

        public void Dispose() => _over = true;
    }

    public sealed class LeaseType() : StructuredDataViewType(typeof(Lease))
    {
        public override bool Equals(DataViewType? other) => other is LeaseType;
    }

    private sealed class Cursor(CountingView view, int[] order, long? batch) : DataViewRowCursor
    {
        private int _index = -1;
        private Lease? _lease;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _index < order.Length ? _index : -1;

        public override long Batch => batch ?? Row;

        private int Row => order[_index];

        public override bool MoveNext()
        {
            _lease?.Dispose();
            if (++_index >= order.Length)
                return false;
            if (Row == view.BrokenRow)
                throw new FormatException($"row {Row} is broken");
            view.RowsRead++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => view.Needed.Contains(column.Name);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 7);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.IsTrue(IsColumnActive(column), $"{column.Name} was read but not asked for.");
            Delegate getter = column.Name switch
            {
                "Number" => new ValueGetter<float>((ref float value) => value = Row),
                "Items" => new ValueGetter<VBuffer<float>>(GetItems),
                "Name" => new ValueGetter<ReadOnlyMemory<char>>((ref ReadOnlyMemory<char> value) => value = Name()),
                _ => new ValueGetter<Lease>((ref Lease value) => value = _lease = new Lease(Row)),
            };
            return (ValueGetter<TValue>)getter;
        }

        protected override void Dispose(bool disposing)
        {
            _lease?.Dispose();
            if (disposing)
                view.Disposed++;
            base.Dispose(disposing);
        }

        private void GetItems(ref VBuffer<float> value)
        {
            var editor = VBufferEditor.Create(ref value, 5, valuesCount: 1);
            editor.Values[0] = Row;
            editor.Indices[0] = Row % 5;
            value = editor.Commit();
        }

        private ReadOnlyMemory<char> Name() => Row == view.BrokenName
            ? throw new FileNotFoundException($"no name for row {Row}")
            : string.Create(CultureInfo.InvariantCulture, $"row {Row}").AsMemory();
    }
}
