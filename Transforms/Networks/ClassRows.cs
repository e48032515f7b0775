using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>One row for each class: its key, and the vector that is 1 at the class and 0 elsewhere.</summary>
/// <param name="features">What the vector's column is called.</param>
/// <param name="label">The key column whose name, type and annotations the keys have; it has a count.</param>
internal sealed class ClassRows(string features, DataViewSchema.Column label) : IDataView
{
    public DataViewSchema Schema { get; } = SchemaOf(features, label);

    public bool CanShuffle => false;

    private int Classes => ((VectorDataViewType)Schema[0].Type).Size;

    public long? GetRowCount() => Classes;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(Schema, Classes, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema SchemaOf(string features, DataViewSchema.Column label)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(features, new VectorDataViewType(NumberDataViewType.Single, checked((int)((KeyDataViewType)label.Type).Count)));
        builder.AddColumn(label.Name, label.Type, label.Annotations);
        return builder.ToSchema();
    }

    private sealed class Cursor(DataViewSchema schema, int classes, IEnumerable<DataViewSchema.Column> columnsNeeded) : DataViewRowCursor
    {
        private readonly HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        private long position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (position + 1 >= classes) return false;
            position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<float>> vector = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, classes, 1);
                (editor.Indices[0], editor.Values[0]) = ((int)position, 1);
                value = editor.Commit();
            };
            ValueGetter<uint> key = (ref uint value) => value = (uint)position + 1;
            return (column.Index == 0 ? (Delegate)vector : key) as ValueGetter<TValue>
                ?? throw new InvalidOperationException(
                    $"Bug in MLPipelines: column '{column.Name}' is {column.Type} and was read as {typeof(TValue).Name}.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)position, 0);
    }
}
