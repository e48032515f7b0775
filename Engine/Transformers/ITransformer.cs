using Microsoft.ML.Data;

namespace Microsoft.ML;

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
