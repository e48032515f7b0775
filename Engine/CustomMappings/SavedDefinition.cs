using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A schema definition in a model file: which member stands for which column, the columns' types and annotations.</summary>
/// <param name="Members">Column names by member name.</param>
/// <param name="Schema">The columns that can be saved; the types of others come from the class again.</param>
internal sealed record SavedDefinition(IReadOnlyDictionary<string, string> Members, SavedSchema Schema)
{
    public static SavedDefinition Of(SchemaDefinition definition) =>
        new(definition.ToDictionary(column => column.MemberName, column => column.ColumnName), SavedSchema.Of(definition.ToSchema(), _ => { }));

    /// <summary>The class's own definition with names, types and annotations as they were saved.</summary>
    public SchemaDefinition ApplyTo(SchemaDefinition definition)
    {
        var saved = Schema.ToSchema();
        definition.RemoveAll(column => !Members.ContainsKey(column.MemberName));
        foreach (var column in definition)
        {
            column.ColumnName = Members[column.MemberName];
            if (saved.GetColumnOrNull(column.ColumnName) is not { } known)
                continue;
            column.ColumnType = known.Type;
            column.AddAnnotations(known.Annotations);
        }
        return definition;
    }
}
