using MLPipelines.Batching;

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
        var mapper = Bind(input.Schema);
        return mapper is BatchMapping batched ? batched.Apply(input) : new MappedView(input, mapper);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>Checks the columns it reads and binds to them, to compute row by row.</summary>
    /// <remarks>A transformer that computes many rows at once overrides <see cref="Bind"/> instead, with a <see cref="BatchMapping"/>.</remarks>
    private protected virtual IRowMapper MakeRowMapper(DataViewSchema schema) =>
        throw new NotSupportedException($"Bug in MLPipelines: {GetType()} has no mapper.");

    /// <summary>Writes itself; the counterpart is in <see cref="TransformerLoaders"/>.</summary>
    private protected abstract void SaveModel(ModelSaveContext ctx);

    /// <summary>Checks the columns it reads and binds to them.</summary>
    private protected virtual IRowToRowMapper Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var mapper = MakeRowMapper(inputSchema);
        return new BoundMapper(ColumnBindings.Append(inputSchema, mapper.AddedColumns), mapper);
    }
}
