using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;

namespace MLPipelines.Transforms;

/// <summary>Adds columns to each row, computed from that row alone. The common part of the transformers of this assembly.</summary>
/// <remarks>
/// Lazy: nothing is read before a cursor asks, only the columns that are needed are, and a view can be read as often as its source.
/// Immutable and thread-safe; cursors are not.
/// </remarks>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer()
    {
    }

    /// <inheritdoc/>
    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema of the rows that <see cref="Transform"/> gives.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    /// <summary>The rows of <paramref name="input"/> with the columns added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Bind(input.Schema).Apply(input);
    }

    /// <inheritdoc/>
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>What is added to rows of a schema; checks the input columns.</summary>
    private protected abstract BatchMapping Bind(DataViewSchema inputSchema);

    /// <summary>Writes a chain of built-in transformers that does the same.</summary>
    private protected abstract void Save(ModelSaveContext context);
}
