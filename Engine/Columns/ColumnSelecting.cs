using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(MLContext context, string[] columnNames, bool keep, bool keepHidden)
        : base(new ColumnSelectingTransformer(context, columnNames, keep, keepHidden))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var named = Transformer.ColumnNames.Select(name => inputSchema.Require(name)).ToArray();
        return new SchemaShape(Transformer.Keep ? named : inputSchema.Where(column => !Transformer.ColumnNames.Contains(column.Name)));
    }
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Signature = "SelectColumns";

    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(MLContext context, string[] columnNames, bool keep, bool keepHidden)
    {
        _ = context;
        ArgumentNullException.ThrowIfNull(columnNames);
        if (columnNames.Length == 0 || columnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException($"Name at least one column to {(keep ? "keep" : "drop")}; none of the names may be empty.", nameof(columnNames));
        (ColumnNames, Keep, _keepHidden) = ([.. columnNames], keep, keepHidden);
    }

    private sealed record State(string[] Columns, bool Keep, bool KeepHidden);

    internal IReadOnlyList<string> ColumnNames { get; }

    internal bool Keep { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal static ColumnSelectingTransformer Load(ModelLoadContext context)
    {
        var (columns, keep, keepHidden) = context.ReadState<State>();
        if (columns is not { Length: > 0 } || columns.Any(string.IsNullOrEmpty))
            throw context.Damaged("it names no columns, or one of them has no name");
        return new(context.Context, columns, keep, keepHidden);
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ctx.WriteState(Signature, new State([.. ColumnNames], Keep, _keepHidden));

    private BoundMapper Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var name in ColumnNames)
            schema.Require(name);
        var columns = Keep
            ? ColumnNames.SelectMany(name => schema.Where(column => column.Name == name && (_keepHidden || !column.IsHidden)))
            : schema.Where(column => !column.IsHidden && !ColumnNames.Contains(column.Name));
        return new BoundMapper(ColumnBindings.Select(schema, columns.Select(column => column.Index)));
    }
}
