using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Learns; reads the data as often as it needs.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>What the columns will be after the transformer, without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column it reads is missing or of the wrong kind.</exception>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}

/// <summary>Makes columns out of columns.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether every row is made from one row alone, so that single rows can be predicted.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The columns after the transformer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column it reads is missing or of the wrong type.</exception>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The data as they will be; nothing is computed before a cursor reads it.</summary>
    IDataView Transform(IDataView input);

    /// <summary>The transformer for single rows.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsRowToRowMapper"/> is false.</exception>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}

/// <summary>Can be written into a model file.</summary>
public interface ICanSaveModel
{
    /// <summary>Writes itself.</summary>
    /// <remarks>
    /// A transformer of one's own has nothing to write with (<see cref="ModelSaveContext"/> is closed); it hands <paramref name="ctx"/> to the
    /// <see cref="Save"/> of a chain of built-in transformers that do the same. That chain is what loading gives.
    /// </remarks>
    /// <param name="ctx">Where to.</param>
    void Save(ModelSaveContext ctx);
}
