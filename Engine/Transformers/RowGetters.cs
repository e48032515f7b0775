using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Getters and cursors where the value's type is only known at run time.</summary>
internal static class RowGetters
{
    private static readonly MethodInfo Typed =
        typeof(RowGetters).GetMethod(nameof(TypedGetter), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The getter of a column as a <see cref="ValueGetter{TValue}"/> of its raw type.</summary>
    public static Delegate GetterOf(this DataViewRow row, DataViewSchema.Column column) =>
        Typed.MakeGenericMethod(column.Type.RawType).CreateDelegate<Func<DataViewRow, DataViewSchema.Column, Delegate>>()(row, column);

    /// <summary>A cursor over some columns, by index.</summary>
    public static DataViewRowCursor GetRowCursorFor(this IDataView view, params IEnumerable<int> columns) =>
        view.GetRowCursor(columns.Distinct().Select(index => view.Schema[index]));

    private static Delegate TypedGetter<TValue>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<TValue>(column);
}
