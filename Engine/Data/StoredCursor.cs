using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A cursor over columns held as arrays.</summary>
internal sealed class StoredCursor(
    DataViewSchema schema,
    DataViewRowId[] ids,
    Func<DataViewSchema.Column, Array> valuesOf,
    IEnumerable<DataViewSchema.Column> activeColumns,
    IReadOnlyList<int> order) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. activeColumns.Select(column => column.Index)];
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => schema;

    public override bool MoveNext() => _position < order.Count && ++_position < order.Count;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw RowErrors.NotActive(schema[column.Index]);
        var values = valuesOf(column) as TValue[] ?? throw RowErrors.WrongType<TValue>(schema[column.Index]);
        // Readers may write into the buffer they were given: vectors are copied.
        return typeof(TValue).IsGenericType && typeof(TValue).GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? (ValueGetter<TValue>)VectorGetter.MakeGenericMethod(typeof(TValue).GenericTypeArguments).Invoke(this, [values])
            : (ref TValue value) => value = values[order[(int)_position]];
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = ids[order[(int)_position]];

    private static readonly MethodInfo VectorGetter =
        typeof(StoredCursor).GetMethod(nameof(CopyVector), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private ValueGetter<VBuffer<TItem>> CopyVector<TItem>(VBuffer<TItem>[] values) =>
        (ref VBuffer<TItem> value) => values[order[(int)_position]].CopyTo(ref value);
}
