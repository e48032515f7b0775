using System.Text.Json;

namespace Microsoft.ML;

/// <summary>A schema in a model file: names, types, annotations of the visible columns.</summary>
internal sealed record SavedSchema(IReadOnlyList<SavedSchema.Column> Columns)
{
    internal sealed record Column(string Name, SavedType Type, IReadOnlyList<Annotation> Annotations);

    internal sealed record Annotation(string Name, SavedType Type, JsonElement Value);

    /// <param name="schema">The schema.</param>
    /// <param name="report">Told of what cannot be saved: columns and annotations of types that only other code knows.</param>
    public static SavedSchema Of(DataViewSchema schema, Action<string> report)
    {
        List<Column> columns = [];
        foreach (var column in schema.Where(column => !column.IsHidden))
        {
            if (SavedType.OfOrNull(column.Type) is { } type)
                columns.Add(new Column(column.Name, type, [.. AnnotationsOf(column, report)]));
            else
                report($"Column '{column.Name}' of type {column.Type} is left out of the saved schema: only built-in column types can be saved.");
        }
        return new SavedSchema(columns);
    }

    /// <exception cref="InvalidDataException">It is no schema.</exception>
    public DataViewSchema ToSchema()
    {
        try
        {
            return DataViewSchema.Of((Columns ?? throw new FormatException("it has no columns")).Select(column =>
                new DataViewSchema.DetachedColumn(column.Name, column.Type.ToDataViewType(), ToAnnotations(column.Annotations ?? []))));
        }
        // The last of these: a null where a column or a type belongs.
        catch (Exception refused) when (refused is ArgumentException or FormatException or JsonException or NullReferenceException)
        {
            throw new InvalidDataException($"The schema of the model file cannot be read: {refused.Message}", refused);
        }
    }

    private static IEnumerable<Annotation> AnnotationsOf(DataViewSchema.Column column, Action<string> report)
    {
        foreach (var annotation in column.Annotations.Schema.Where(annotation => !annotation.IsHidden))
        {
            if (SavedType.OfOrNull(annotation.Type) is { } type && SavedValue.CanSave(annotation.Type))
                yield return new Annotation(annotation.Name, type, SavedValue.Write(column.Annotations, annotation));
            else
                report(
                    $"Annotation '{annotation.Name}' of column '{column.Name}' is left out of the saved schema: values of type {annotation.Type} " +
                    "cannot be saved.");
        }
    }

    private static DataViewSchema.Annotations ToAnnotations(IReadOnlyList<Annotation> annotations)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        foreach (var annotation in annotations)
        {
            var type = annotation.Type.ToDataViewType();
            builder.Add(annotation.Name, type, SavedValue.CreateGetter(type, annotation.Value));
        }
        return builder.ToAnnotations();
    }
}
