using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Pipelines;

/// <summary>Tensors and labels in memory, as a data view that tells how often it is read, and ends a reading when it is cancelled.</summary>
/// <remarks>
/// ML.NET's L-BFGS neither reports its steps nor can be stopped, but on one thread it reads its data once for every value of the loss. On several
/// threads it would copy them first.
/// </remarks>
/// <param name="rows">The tensors, all of the same length, with their classes from 0.</param>
/// <param name="length">How many numbers a tensor has.</param>
/// <param name="classes">How many classes there are.</param>
/// <param name="passBegins">Told the number of the pass, from 1, before its first row.</param>
/// <param name="cancellation">Looked at every 256 rows.</param>
internal sealed class TensorRows(
    IReadOnlyList<(float[] Tensor, int Label)> rows, int length, int classes, Action<int> passBegins, CancellationToken cancellation) : IDataView
{
    public const string Features = "Features", Label = "Label";

    private int passes;

    public DataViewSchema Schema { get; } = SchemaOf(length, classes);

    public bool CanShuffle => false;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        passBegins(Interlocked.Increment(ref passes));
        return new Cursor(Schema, rows, columnsNeeded, cancellation);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema SchemaOf(int length, int classes)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Features, new VectorDataViewType(NumberDataViewType.Single, length));
        builder.AddColumn(Label, new KeyDataViewType(typeof(uint), classes));
        return builder.ToSchema();
    }

    private sealed class Cursor(
        DataViewSchema schema, IReadOnlyList<(float[] Tensor, int Label)> rows, IEnumerable<DataViewSchema.Column> columnsNeeded,
        CancellationToken cancellation) : DataViewRowCursor
    {
        private readonly HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        private int position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (position % 256 == 255) cancellation.ThrowIfCancellationRequested();
            position = position + 1 < rows.Count ? position + 1 : -1;
            return position >= 0;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<float>> tensor = (ref VBuffer<float> value) =>
            {
                var numbers = rows[position].Tensor;
                var editor = VBufferEditor.Create(ref value, numbers.Length);
                numbers.CopyTo(editor.Values);
                value = editor.Commit();
            };
            ValueGetter<uint> key = (ref uint value) => value = (uint)rows[position].Label + 1;
            return (column.Name == Features ? (Delegate)tensor : key) as ValueGetter<TValue>
                ?? throw new InvalidOperationException(
                    $"Bug in MLPipelines: column '{column.Name}' is {column.Type} and was read as {typeof(TValue).Name}.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)position, 0);
    }
}
