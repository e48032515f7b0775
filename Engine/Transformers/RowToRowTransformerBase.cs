namespace Microsoft.ML.Data;

/// <summary>A transformer that keeps all columns and adds some, computed row by row. For this assembly's own transformers.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(MLContext context) => Context = context;

    private protected MLContext Context { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>Checks the columns it reads and binds to them.</summary>
    private protected abstract IRowMapper MakeRowMapper(DataViewSchema schema);

    /// <summary>Writes itself; the counterpart is in <see cref="TransformerLoaders"/>.</summary>
    private protected abstract void SaveModel(ModelSaveContext ctx);

    private BoundMapper Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var mapper = MakeRowMapper(inputSchema);
        return new BoundMapper(ColumnBindings.Append(inputSchema, mapper.AddedColumns), mapper);
    }
}
