namespace Microsoft.ML.Data;

/// <summary>A transformer bound to a schema: bindings and, where it adds columns, the mapper that computes them.</summary>
internal sealed class BoundMapper(ColumnBindings bindings, IRowMapper mapper = null) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bindings.Input;

    public DataViewSchema OutputSchema => bindings.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        bindings.Dependencies(dependingColumns, mapper);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(input, bindings, mapper, activeColumns);
}
