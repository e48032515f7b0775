namespace Microsoft.ML.Data;

/// <summary>Row mappers one after the other; each computes only what the next ones need.</summary>
internal sealed class ChainedMapper(DataViewSchema inputSchema, IReadOnlyList<IRowToRowMapper> mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => mappers is [.., var last] ? last.OutputSchema : inputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => [.. mapper.GetDependencies(columns)]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Count];
        var columns = activeColumns;
        for (var index = mappers.Count - 1; index >= 0; index--)
        {
            needed[index] = columns;
            columns = [.. mappers[index].GetDependencies(columns)];
        }
        return mappers.Zip(needed).Aggregate(input, (row, step) => step.First.GetRow(row, step.Second));
    }
}
