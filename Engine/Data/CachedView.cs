using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A view whose columns are read once, when first asked for, and then kept in memory.</summary>
/// <remarks>
/// Columns whose values are neither primitive nor vectors (images) are not kept: their values may be disposed by their readers. A cursor that
/// needs one of them reads the source.
/// </remarks>
internal sealed class CachedView(IDataView source) : IDataView
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<int, Array> _columns = new();
    private DataViewRowId[] _ids;

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => _ids?.Length ?? source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] active = [.. columnsNeeded];
        if (!active.All(column => IsCacheable(column.Type)))
            return source.GetRowCursor(active, source.CanShuffle ? rand : null);
        Load(active.Select(column => column.Index));
        return new StoredCursor(Schema, _ids, column => _columns[column.Index], active, RowOrder.Of(_ids.Length, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Reads columns now.</summary>
    public void Load(IEnumerable<int> columns)
    {
        lock (_lock)
        {
            int[] missing = [.. columns.Distinct().Where(index => !_columns.ContainsKey(index) && IsCacheable(Schema[index].Type))];
            if (missing.Length == 0 && _ids is not null)
                return;
            using var cursor = source.GetRowCursorFor(missing);
            var stores = missing.Select(index => ColumnStore.Create(cursor, Schema[index])).ToArray();
            var ids = new List<DataViewRowId>();
            var getId = cursor.GetIdGetter();
            DataViewRowId id = default;
            while (cursor.MoveNext())
            {
                getId(ref id);
                ids.Add(id);
                foreach (var store in stores)
                    store.AddCurrent();
            }
            if (_ids is not null && _ids.Length != ids.Count)
                throw new InvalidOperationException(
                    $"The cached data gave {_ids.Length} rows when first read and {ids.Count} now; a source must give the same rows in every pass.");
            foreach (var (index, store) in missing.Zip(stores))
                _columns[index] = store.ToArray();
            _ids = [.. ids];
        }
    }

    private static bool IsCacheable(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>Copies one column's values out of a cursor.</summary>
    private abstract class ColumnStore
    {
        private static readonly MethodInfo Typed = typeof(ColumnStore).GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

        public static ColumnStore Create(DataViewRow row, DataViewSchema.Column column) =>
            Typed.MakeGenericMethod(column.Type.RawType).CreateDelegate<Func<DataViewRow, DataViewSchema.Column, ColumnStore>>()(row, column);

        public abstract void AddCurrent();

        public abstract Array ToArray();

        private static TypedStore<TValue> CreateTyped<TValue>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<TValue>(column));

        private sealed class TypedStore<TValue>(ValueGetter<TValue> getter) : ColumnStore
        {
            private readonly List<TValue> _values = [];

            public override void AddCurrent()
            {
                // A fresh value each time: the buffers of the one before are kept.
                TValue value = default;
                getter(ref value);
                _values.Add(value);
            }

            public override Array ToArray() => _values.ToArray();
        }
    }
}
