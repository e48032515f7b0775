using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Batching;

/// <summary>
/// The cursor without reading ahead: passes rows on untouched where no added column is active, and computes one row at a time where values
/// cannot be held beyond their row.
/// </summary>
internal sealed class RowByRowCursor(BatchMapping mapping, DataViewRowCursor source, bool[] active) : DataViewRowCursor
{
    private readonly MappedRow _row = new(mapping, source, active);

    /// <inheritdoc/>
    public override DataViewSchema Schema => _row.Schema;

    /// <inheritdoc/>
    public override long Position => _row.Position;

    /// <inheritdoc/>
    public override long Batch => _row.Batch;

    /// <inheritdoc/>
    public override bool MoveNext() => source.MoveNext();

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _row.Dispose();
        base.Dispose(disposing);
    }
}
