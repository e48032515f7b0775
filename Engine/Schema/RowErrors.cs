namespace Microsoft.ML;

/// <summary>The errors of asking a row for what it does not have.</summary>
internal static class RowErrors
{
    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' has values of type {column.Type.RawType} ({column.Type}); a getter for {typeof(TValue)} was asked for.");

    public static ArgumentOutOfRangeException NotActive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active in this cursor; name it in columnsNeeded when opening the cursor.");
}
