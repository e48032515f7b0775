namespace Microsoft.ML;

/// <summary>Fills <paramref name="value"/> with the current row's value of one column; buffers in it are used again.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A table that is read by cursors: columns with types, rows made on demand, never changed.</summary>
public interface IDataView
{
    /// <summary>Whether a cursor can go through the rows in random order.</summary>
    bool CanShuffle { get; }

    /// <summary>The number of rows where it is known without reading them, else null.</summary>
    long? GetRowCount();

    /// <summary>A cursor standing before the first row.</summary>
    /// <param name="columnsNeeded">The columns whose getters will be asked for; the others are not computed.</param>
    /// <param name="rand">The order's random source; null: the natural order.</param>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    /// <summary>Up to <paramref name="n"/> cursors which together give every row once, for reading on several threads.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);

    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }
}
