namespace Microsoft.ML.Data;

/// <summary>Reading a column by itself.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of a column, read as they are asked for; every array is a new one.</summary>
    /// <typeparam name="T">
    /// The column's raw type; also <see cref="string"/> for text and an array for a vector. A key is its raw value, from 1.
    /// </typeparam>
    /// <param name="data">The view.</param>
    /// <param name="columnName">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or its values are no <typeparamref name="T"/>.</exception>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <inheritdoc cref="GetColumn{T}(IDataView, string)"/>
    /// <param name="data">The view.</param>
    /// <param name="column">A column of its schema.</param>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (column.Type.RawType != MemberTypes.RawTypeOf(typeof(T)))
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' has type {column.Type} ({column.Type.RawType}); its values cannot be read as {typeof(T)}.");
        return Read<T>(data, column);
    }

    private static IEnumerable<T> Read<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var reader = ObjectValues.CreateReader<T>(cursor, column, keysFromZero: false);
        while (cursor.MoveNext())
        {
            T value = default;
            reader(ref value);
            yield return value;
        }
    }
}
