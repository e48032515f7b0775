using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Transforms;

/// <summary>Reads columns of any type the tests use, and the shape of a schema.</summary>
internal static class ViewReading
{
    /// <summary>The values of a column, one line per row; floats with 6 significant digits.</summary>
    public static string[] Lines(this IDataView view, string columnName)
    {
        var column = view.Schema[columnName];
        using var cursor = view.GetRowCursor([column]);
        return [.. Lines(cursor, column)];
    }

    /// <summary>The values of a column that a cursor meets from where it is.</summary>
    public static IEnumerable<string> Lines(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var line = Line(cursor, column);
        while (cursor.MoveNext())
            yield return line();
    }

    /// <summary>What an estimator chain tells its estimators of a view before it fits them.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema)
    {
        var onlooker = new Onlooker();
        new EstimatorChain<ITransformer>().Append(onlooker).Fit(new RowlessView(schema));
        return onlooker.Seen!;
    }

    /// <summary>Name, kind and type of each column, and the kinds of its annotations, in any order of columns.</summary>
    public static string InWords(this SchemaShape shape) => string.Join("; ", shape
        .Select(column => $"{column.Name} {column.Kind} {column.ItemType} key={column.IsKey} "
            + $"[{string.Join(",", column.Annotations.Select(annotation => annotation.Name).Order())}]")
        .Order());

    private static Func<string> Line(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { ItemType: TextDataViewType } => Vector<ReadOnlyMemory<char>>(row, column),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Single => Vector<float>(row, column),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Int64 => Vector<long>(row, column),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Byte => Vector<byte>(row, column),
        TextDataViewType => Scalar<ReadOnlyMemory<char>>(row, column),
        KeyDataViewType => Scalar<uint>(row, column),
        var type when type == NumberDataViewType.Single => Scalar<float>(row, column),
        var type => throw new NotSupportedException($"{column.Name}: {type}"),
    };

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(' ', value.DenseValues().Select(Text));
        };
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static string Text<T>(T value) => value switch
    {
        float number => number.ToString("G6", CultureInfo.InvariantCulture),
        ReadOnlyMemory<char> { Length: 0 } => "''",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private sealed class Onlooker : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }
}
