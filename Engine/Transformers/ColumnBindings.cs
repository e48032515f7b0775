namespace Microsoft.ML.Data;

/// <summary>Where each output column comes from: an input column passed through, or a column that is added.</summary>
internal sealed class ColumnBindings
{
    // ≥ 0: index of the input column; < 0: ~index of the added column.
    private readonly int[] _sources;

    private ColumnBindings(DataViewSchema input, int[] sources, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        (Input, _sources) = (input, sources);
        Output = DataViewSchema.Of(sources.Select(source => source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : added[~source]));
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>All input columns, then the added ones.</summary>
    public static ColumnBindings Append(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added) =>
        new(input, [.. Enumerable.Range(0, input.Count), .. Enumerable.Range(0, added.Count).Select(index => ~index)], added);

    /// <summary>Some input columns in any order; nothing added.</summary>
    public static ColumnBindings Select(DataViewSchema input, IEnumerable<int> columns) => new(input, [.. columns], []);

    /// <summary>The input column behind an output column, or null when it is added.</summary>
    public int? InputOf(int output) => _sources[output] >= 0 ? _sources[output] : null;

    /// <summary>The added column behind an output column, or null when it is passed through.</summary>
    public int? AddedOf(int output) => _sources[output] < 0 ? ~_sources[output] : null;

    /// <summary>The input columns that the given output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> outputs, IRowMapper mapper) =>
        outputs.SelectMany(output => InputOf(output.Index) is { } input ? [input] : mapper.InputsOf(AddedOf(output.Index)!.Value))
            .Distinct().Order().Select(index => Input[index]);
}
