using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Transforms;

namespace MLPipelines.Batching;

/// <summary>Reads a batch of rows ahead, computes the added columns for all of them at once, and serves them one by one.</summary>
/// <remarks>
/// Nothing is computed before an added column of the batch is asked for. To the reader it is as if rows were read and computed one at a
/// time: the same order, and a row that cannot be read or computed throws its own exception, on the reader's thread, when its turn comes.
/// After the first batches nothing is allocated per row.
/// </remarks>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private readonly BatchMapping _mapping;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;

    // By index of the input schema; null where nobody reads the column.
    private readonly BatchColumn?[] _passed;
    private readonly BatchColumn[] _read;
    private readonly BatchColumn<DataViewRowId> _ids;
    private readonly long[] _batches;
    private readonly BatchBuffers _buffers;
    private readonly IBatchComputation _computation;

    // The rows in the buffers, and the one being served.
    private int _count;
    private int _row;
    private long _position = -1;
    private long _served;

    // The rows of the buffers whose added columns are computed: From … To − 1.
    private (int From, int To) _computed;
    private bool _oneByOne;

    private ExceptionDispatchInfo? _nextRowFailed;
    private bool _disposed;

    /// <param name="mapping">What to compute.</param>
    /// <param name="source">The rows; disposed of with this cursor.</param>
    /// <param name="active">By index of the output schema: the columns that will be read.</param>
    public BatchedCursor(BatchMapping mapping, DataViewRowCursor source, bool[] active)
    {
        (_mapping, _source, _active) = (mapping, source, active);
        var capacity = mapping.BatchSize;
        _buffers = new BatchBuffers(mapping, active, capacity);
        _batches = new long[capacity];
        _ids = new BatchColumn<DataViewRowId>(capacity);
        _ids.Bind(source.GetIdGetter());

        // A column that is both passed on and computed from is read once.
        _passed = new BatchColumn?[mapping.InputSchema.Count];
        for (var i = 0; i < mapping.InputColumns.Count; i++)
            _passed[mapping.InputColumns[i].Index] = _buffers.InputColumn(i);
        foreach (var column in mapping.InputSchema)
        {
            if (active[column.Index])
                _passed[column.Index] ??= BatchColumn.Create(column.Type, capacity);
            _passed[column.Index]?.Bind(source, column);
        }

        _read = [.. _passed.OfType<BatchColumn>(), _ids];
        _computation = mapping.Begin(_buffers);
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _mapping.OutputSchema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => _position < 0 ? 0 : _batches[_row];

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.Getter(CurrentRow);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        MappedRow.RequireActive(this, column);
        var added = column.Index - _mapping.InputSchema.Count;
        var getter = added < 0 ? _passed[column.Index]!.Getter(CurrentRow) : _buffers.OutputColumn(added).Getter(ComputedRow);
        return MappedRow.Typed<TValue>(getter, column);
    }

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _position = -1;

        if (_row + 1 < _count)
            _row++;
        else if (!ReadAhead())
            return false;

        _position = _served++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            (_count, _position) = (0, -1);
            foreach (var column in _read)
                column.Clear();
            _buffers.Clear();
            (_computation as IDisposable)?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadAhead()
    {
        (_row, _count, _computed, _oneByOne) = (0, 0, default, false);

        if (_nextRowFailed is { } failure)
        {
            _nextRowFailed = null;
            failure.Throw();
        }

        try
        {
            while (_count < _mapping.BatchSize && _source.MoveToNext())
            {
                foreach (var column in _read)
                    column.Read(_count);
                _batches[_count++] = _source.Batch;
            }
        }
        catch (Exception failed) when (_count > 0)
        {
            // The rows before this one come first; the reader meets the exception when it moves here.
            _nextRowFailed = ExceptionDispatchInfo.Capture(failed);
        }

        return _count > 0;
    }

    private int CurrentRow() => _position >= 0
        ? _row
        : throw new InvalidOperationException("The cursor is on no row: call MoveNext and read values only while it returns true.");

    private int ComputedRow()
    {
        var row = CurrentRow();
        if (row >= _computed.From && row < _computed.To)
            return row;

        if (!_oneByOne)
        {
            try
            {
                _computation.Compute(0, _count);
                _computed = (0, _count);
                return row;
            }
            catch (Exception) when (_count > 1)
            {
                // Some row of the batch is bad. One by one each of them gets its own result or its own exception.
                (_computed, _oneByOne) = (default, true);
            }
        }

        _computation.Compute(row, 1);
        _computed = (row, row + 1);
        return row;
    }
}
