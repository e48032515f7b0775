namespace Microsoft.ML.Data;

/// <summary>A row over an object that is set from outside.</summary>
internal sealed class ObjectRow<TRow>(ObjectColumns<TRow> columns) : DataViewRow
    where TRow : class
{
    private TRow _current;
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => columns.Schema;

    /// <summary>Moves to an object. The position goes up, so that what is computed per row is computed again.</summary>
    public void Set(TRow row)
    {
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        columns.CreateGetter(column.Index, () => _current) as ValueGetter<TValue> ?? throw RowErrors.WrongType<TValue>(Schema[column.Index]);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
}
