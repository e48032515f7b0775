namespace Microsoft.ML.Data;

/// <summary>Reads a column of <see cref="float"/>, scalar or vector of known size, as a span.</summary>
internal sealed class FeatureReader
{
    private readonly DataViewRow _row;
    private readonly DataViewSchema.Column _column;
    private readonly ValueGetter<float> _getScalar;
    private readonly ValueGetter<VBuffer<float>> _getVector;
    private readonly float[] _dense;
    private VBuffer<float> _vector;

    private FeatureReader(DataViewRow row, DataViewSchema.Column column, int count)
    {
        (_row, _column, Count, _dense) = (row, column, count, new float[count]);
        if (column.Type is VectorDataViewType)
            _getVector = row.GetGetter<VBuffer<float>>(column);
        else
            _getScalar = row.GetGetter<float>(column);
    }

    /// <summary>The number of features.</summary>
    internal int Count { get; }

    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    internal static FeatureReader Of(DataViewRow row, DataViewSchema.Column column) => new(row, column, CountOf(column));

    /// <summary>The number of features of a column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    internal static int CountOf(DataViewSchema.Column column, string role = "input") => column.Type switch
    {
        NumberDataViewType number when number == NumberDataViewType.Single => 1,
        VectorDataViewType { IsKnownSize: true } vector when vector.ItemType == NumberDataViewType.Single => vector.Size,
        _ => throw ColumnErrors.Mismatch(column, role, "Single or a vector of them of known size"),
    };

    /// <summary>The features of the current row; valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The row has another number of them.</exception>
    internal ReadOnlySpan<float> Read()
    {
        if (_getScalar is not null)
        {
            _getScalar(ref _dense[0]);
            return _dense;
        }
        _getVector(ref _vector);
        if (_vector.Length != Count)
            throw new InvalidDataException($"Row {_row.Position} has {_vector.Length} values in column '{_column.Name}'; its type says {Count}.");
        if (_vector.IsDense)
            return _vector.GetValues();
        _vector.CopyTo(_dense);
        return _dense;
    }
}
