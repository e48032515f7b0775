namespace Microsoft.ML.Data;

/// <summary>A transformer bound to a schema, for single rows.</summary>
public interface IRowToRowMapper
{
    /// <summary>The columns it takes.</summary>
    DataViewSchema InputSchema { get; }

    /// <summary>The columns it gives.</summary>
    DataViewSchema OutputSchema { get; }

    /// <summary>The input columns that the given output columns are made from.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

    /// <summary>The output row over an input row; it follows the input when that moves, and owns it.</summary>
    /// <param name="input">A row of <see cref="InputSchema"/> with at least the columns of <see cref="GetDependencies"/> active.</param>
    /// <param name="activeColumns">The output columns whose getters will be asked for.</param>
    DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
}
