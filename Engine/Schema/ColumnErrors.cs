namespace Microsoft.ML;

/// <summary>The errors of columns that are missing or of the wrong type, with the exception types of ML.NET.</summary>
internal static class ColumnErrors
{
    public static string NamesInWords(this DataViewSchema schema) => InWords(schema.Where(column => !column.IsHidden).Select(column => column.Name));

    public static DataViewSchema.Column Require(this DataViewSchema schema, string name, string role = "input") =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, role, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    public static ArgumentOutOfRangeException Missing(string name, string role, IEnumerable<string> present) =>
        new("inputSchema", $"Could not find {role} column '{name}'; there are: {InWords(present)}.");

    public static ArgumentOutOfRangeException Mismatch(string name, string role, string expected, string actual) =>
        new("inputSchema", $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");

    public static ArgumentOutOfRangeException Mismatch(DataViewSchema.Column column, string role, string expected) =>
        Mismatch(column.Name, role, expected, column.Type.ToString());

    private static string InWords(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'").DefaultIfEmpty("none"));
}
