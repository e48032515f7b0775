namespace Microsoft.ML.Data;

/// <summary>A row seen through a transformer. It owns the row below.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly ColumnBindings _bindings;
    private readonly bool[] _active;
    private readonly Delegate[] _added;
    private readonly List<IDisposable> _owned = [];

    public MappedRow(DataViewRow input, ColumnBindings bindings, IRowMapper mapper, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        (_input, _bindings) = (input, bindings);
        _active = new bool[bindings.Output.Count];
        var addedIsActive = new bool[mapper?.AddedColumns.Count ?? 0];
        foreach (var column in activeColumns)
        {
            _active[column.Index] = true;
            if (bindings.AddedOf(column.Index) is { } added)
                addedIsActive[added] = true;
        }
        _added = addedIsActive.Contains(true) ? mapper!.CreateGetters(input, index => addedIsActive[index], _owned) : [];
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _bindings.Output;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            throw RowErrors.NotActive(Schema[column.Index]);
        return _bindings.InputOf(column.Index) is { } input
            ? _input.GetGetter<TValue>(_input.Schema[input])
            : _added[_bindings.AddedOf(column.Index)!.Value] as ValueGetter<TValue> ?? throw RowErrors.WrongType<TValue>(Schema[column.Index]);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        foreach (var item in _owned)
            item.Dispose();
        _owned.Clear();
        _input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A cursor seen through a row that follows it.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, DataViewRow row) : DataViewRowCursor
{
    public override long Position => row.Position;

    public override long Batch => row.Batch;

    public override DataViewSchema Schema => row.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

    public override bool MoveNext() => input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        row.Dispose();
        base.Dispose(disposing);
    }
}
