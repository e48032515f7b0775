using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Batching;

/// <summary>The values of one column for a batch of rows, in memory that is reused from batch to batch.</summary>
internal abstract class BatchColumn
{
    /// <summary>Room for <paramref name="capacity"/> values of <paramref name="type"/>.</summary>
    public static BatchColumn Create(DataViewType type, int capacity)
    {
        var columnType = type is VectorDataViewType vector
            ? typeof(VectorBatchColumn<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(BatchColumn<>).MakeGenericType(type.RawType);

        return (BatchColumn)Activator.CreateInstance(columnType, capacity)!;
    }

    /// <summary>
    /// Whether values of this type outlive the row they were read from. Numbers, keys, text and vectors of them do: getters copy them. Any
    /// other type, images above all, may belong to the source and be disposed of or overwritten when it moves on.
    /// </summary>
    public static bool CanHold(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>Room for a column that is computed with: a row that does not keep to the length that the type promises is refused.</summary>
    public static BatchColumn CreateInput(DataViewSchema.Column column, int capacity)
    {
        var created = Create(column.Type, capacity);
        created.Promise = column.Type is VectorDataViewType { Size: > 0 } ? column : null;
        return created;
    }

    /// <summary>The column whose vectors must have the length that its type says; null: they are taken as they come, as ML.NET does.</summary>
    protected DataViewSchema.Column? Promise { get; private set; }

    /// <summary>From now on <see cref="Read"/> takes its values from <paramref name="column"/> of <paramref name="source"/>.</summary>
    public abstract void Bind(DataViewRow source, DataViewSchema.Column column);

    /// <summary>Stores the value that the source's current row has in the bound column.</summary>
    public abstract void Read(int row);

    /// <summary>A <see cref="ValueGetter{TValue}"/> that copies the value of the row that <paramref name="currentRow"/> names.</summary>
    public abstract Delegate Getter(Func<int> currentRow);

    /// <summary>Lets go of what the values refer to.</summary>
    public abstract void Clear();
}

/// <inheritdoc/>
internal class BatchColumn<T>(int capacity) : BatchColumn
{
    private ValueGetter<T>? _source;

    /// <summary>One value per row of the batch.</summary>
    public T[] Values { get; } = new T[capacity];

    /// <inheritdoc/>
    public override void Bind(DataViewRow source, DataViewSchema.Column column) => Bind(source.GetGetter<T>(column));

    public void Bind(ValueGetter<T> source) => _source = source;

    /// <inheritdoc/>
    public override void Read(int row) => _source!(ref Values[row]);

    /// <inheritdoc/>
    public override Delegate Getter(Func<int> currentRow) =>
        new ValueGetter<T>((ref T value) => Copy(in Values[currentRow()], ref value));

    /// <inheritdoc/>
    public override void Clear() => Array.Clear(Values);

    protected virtual void Copy(in T from, ref T to) => to = from;
}

/// <summary>A column of vectors: each row keeps its own memory, sparse vectors stay sparse.</summary>
internal sealed class VectorBatchColumn<TItem>(int capacity) : BatchColumn<VBuffer<TItem>>(capacity)
{
    /// <inheritdoc/>
    public override void Read(int row)
    {
        base.Read(row);
        if (Promise is { } column && column.Type is VectorDataViewType vector && Values[row].Length != vector.Size)
            throw new InvalidDataException(
                $"Column '{column.Name}' is of type {vector} and has a vector of {Values[row].Length} in this row. ML.NET does not check that; "
                + "look at where the rows come from.");
    }

    protected override void Copy(in VBuffer<TItem> from, ref VBuffer<TItem> to) => from.CopyTo(ref to);
}
