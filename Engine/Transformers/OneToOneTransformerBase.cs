namespace Microsoft.ML.Data;

/// <summary>A transformer each of whose added columns is made from one column. For this assembly's own transformers.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(MLContext context, params InputOutputColumnPair[] columns) : base(context) => ColumnPairs = columns;

    private protected InputOutputColumnPair[] ColumnPairs { get; }
}

/// <summary>
/// The row mapper of a <see cref="OneToOneTransformerBase"/>: finds the input columns; says type and getter of one column at a time.
/// </summary>
internal abstract class OneToOneRowMapper : IRowMapper
{
    private readonly Lazy<DataViewSchema.DetachedColumn[]> _added;

    protected OneToOneRowMapper(DataViewSchema input, InputOutputColumnPair[] pairs)
    {
        Inputs = [.. pairs.Select(pair => input.Require(pair.InputColumnName))];
        // Lazy: the derived type's constructor has not run yet.
        _added = new(() => [.. pairs.Select((pair, index) => MakeColumn(pair.OutputColumnName, index))]);
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns => _added.Value;

    /// <summary>The input column of each pair.</summary>
    protected DataViewSchema.Column[] Inputs { get; }

    public IEnumerable<int> InputsOf(int added) => [Inputs[added].Index];

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive, ICollection<IDisposable> owned) =>
        [.. Inputs.Select((_, index) => isActive(index) ? CreateGetter(input, index, owned) : null)];

    /// <summary>Checks <c>Inputs[index]</c> and says what column is made of it.</summary>
    protected abstract DataViewSchema.DetachedColumn MakeColumn(string outputColumnName, int index);

    /// <summary>The getter of one added column.</summary>
    protected abstract Delegate CreateGetter(DataViewRow input, int index, ICollection<IDisposable> owned);
}
