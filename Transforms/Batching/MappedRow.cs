using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Batching;

/// <summary>One row with the added columns, computed when they are first asked for at a position of the input row.</summary>
/// <remarks>Values of the input are passed on untouched. Disposing of it disposes of the input row.</remarks>
internal sealed class MappedRow : DataViewRow
{
    private readonly BatchMapping _mapping;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly BatchBuffers? _buffers;
    private readonly IBatchComputation? _computation;
    private long? _computedAt;
    private bool _disposed;

    /// <param name="mapping">What to compute.</param>
    /// <param name="input">The row; disposed of with this one.</param>
    /// <param name="active">By index of the output schema: the columns that will be read.</param>
    public MappedRow(BatchMapping mapping, DataViewRow input, bool[] active)
    {
        (_mapping, _input, _active) = (mapping, input, active);
        if (!mapping.AnyAdded(active))
            return;

        _buffers = new BatchBuffers(mapping, active, capacity: 1);
        for (var i = 0; i < mapping.InputColumns.Count; i++)
            _buffers.InputColumn(i).Bind(input, mapping.InputColumns[i]);
        _computation = mapping.Begin(_buffers);
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _mapping.OutputSchema;

    /// <inheritdoc/>
    public override long Position => _input.Position;

    /// <inheritdoc/>
    public override long Batch => _input.Batch;

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RequireActive(this, column);
        var added = column.Index - _mapping.InputSchema.Count;
        return added < 0
            ? _input.GetGetter<TValue>(_mapping.InputSchema[column.Index])
            : Typed<TValue>(_buffers!.OutputColumn(added).Getter(ComputedRow), column);
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="column"/> is not active in <paramref name="row"/>.</exception>
    internal static void RequireActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this row; name it among the columns needed when asking for the cursor or row.");
    }

    /// <exception cref="InvalidOperationException">The values of <paramref name="column"/> are not of type <typeparamref name="TValue"/>.</exception>
    internal static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"Column '{column.Name}' has values of type {column.Type.RawType}; a getter of {typeof(TValue)} was asked for.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _buffers?.Clear();
            (_computation as IDisposable)?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ComputedRow()
    {
        if (_computedAt != _input.Position)
        {
            _computedAt = null;
            for (var i = 0; i < _mapping.InputColumns.Count; i++)
                _buffers!.InputColumn(i).Read(0);
            _computation!.Compute(0, 1);
            _computedAt = _input.Position;
        }

        return 0;
    }
}
