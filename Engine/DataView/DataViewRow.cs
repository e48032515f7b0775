namespace Microsoft.ML;

/// <summary>One row of a view: getters for its active columns.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>Made by the derived rows.</summary>
    protected DataViewRow()
    {
    }

    /// <summary>The place of the row, from 0; −1 before the first one.</summary>
    public abstract long Position { get; }

    /// <summary>The batch of the row among the cursors of one set; ascends within a cursor.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns, active or not.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>Whether the column's values were asked for when the row was made.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>The getter of a column; it stays valid while the cursor moves on, so ask once.</summary>
    /// <typeparam name="TValue">The column's <see cref="Data.DataViewType.RawType"/>.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">The column is not active.</exception>
    /// <exception cref="InvalidOperationException">The column's values are of another type.</exception>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <summary>The getter of the row's id.</summary>
    public abstract ValueGetter<Data.DataViewRowId> GetIdGetter();

    /// <summary>Gives back what the row holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Gives back what the row holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A row that moves: the one way to read a view.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Made by the derived cursors.</summary>
    protected DataViewRowCursor()
    {
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public abstract bool MoveNext();
}
