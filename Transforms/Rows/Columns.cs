using Microsoft.ML;
using Microsoft.ML.Data;

// The parameter that the exceptions name is that of the public methods of transformers and estimators, as in ML.NET.
#pragma warning disable CA2208

namespace MLPipelines.Transforms;

/// <summary>Finds input columns and says clearly what is wrong with them, by ML.NET's type of exception.</summary>
internal static class Columns
{
    /// <summary>The column of a name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none; the message lists those that there are.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    /// <inheritdoc cref="Find(DataViewSchema, string)"/>
    public static SchemaShape.Column Find(SchemaShape schema, string name)
    {
        foreach (var column in schema)
            if (column.Name == name)
                return column;
        throw Missing(name, schema.Select(column => column.Name));
    }

    /// <summary>The column of a name, which must be a vector of numbers of type float, of the same size in every row.</summary>
    public static (DataViewSchema.Column Column, VectorDataViewType Type) FindFloats(DataViewSchema schema, string name)
    {
        var column = Find(schema, name);
        return column.Type is VectorDataViewType { Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single
            ? (column, vector)
            : throw Mismatch(name, "a vector of Single of known size", column.Type.ToString()!);
    }

    /// <inheritdoc cref="FindFloats(DataViewSchema, string)"/>
    public static SchemaShape.Column FindFloats(SchemaShape schema, string name)
    {
        var column = Find(schema, name);
        return column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single && !column.IsKey
            ? column
            : throw Mismatch(name, "a vector of Single of known size", InWords(column));
    }

    /// <summary>A column that is there but of the wrong type.</summary>
    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string actual) =>
        new("inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {actual}.");

    /// <summary>The type of a column in words.</summary>
    public static string InWords(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item,
        };
    }

    private static ArgumentOutOfRangeException Missing(string name, IEnumerable<string> present) =>
        new(
            "inputSchema",
            $"Could not find input column '{name}'; there are: {string.Join(", ", present.Select(other => $"'{other}'").DefaultIfEmpty("none"))}.");
}
