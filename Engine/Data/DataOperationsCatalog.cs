using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Making, splitting and reading data views.</summary>
public sealed partial class DataOperationsCatalog
{
    internal DataOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>A view of objects: a column per public field and property.</summary>
    /// <param name="data">The rows. A list can be shuffled; any other sequence is read anew for every pass and must give the same rows again.</param>
    /// <param name="schemaDefinition">Changes names, sizes or annotations; null: as the attributes say.</param>
    /// <exception cref="ArgumentOutOfRangeException">A member is of a type that no column holds.</exception>
    /// <exception cref="InvalidOperationException">
    /// While reading: a vector does not have the length its column type says, or a row is null.
    /// </exception>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ObjectView<TRow>(data, new ObjectColumns<TRow>(schemaDefinition));
    }

    /// <summary>The rows of a view as objects, made as they are asked for.</summary>
    /// <param name="data">The view.</param>
    /// <param name="reuseRowObject">Whether one object is filled again for every row: faster, but do not keep it.</param>
    /// <param name="ignoreMissingColumns">Whether members without a column keep what the constructor gave them; else that is an error.</param>
    /// <param name="schemaDefinition">Changes names; null: as the attributes say.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">A member cannot hold its column's values.</exception>
    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return Rows(data, new ObjectMembers<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, ObjectMembers<TRow> members, bool reuseRowObject)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(members.Columns);
        var write = members.CreateWriter(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (row is null || !reuseRowObject)
                row = new TRow();
            write(row);
            yield return row;
        }
    }
}
