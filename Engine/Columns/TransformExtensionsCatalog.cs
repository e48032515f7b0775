using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Estimators that copy, join, keep and drop columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Adds a column with the values, type and annotations of another.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(catalog.Context, new InputOutputColumnPair(outputColumnName, inputColumnName));

    /// <summary>Joins columns into one vector.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The vector to make.</param>
    /// <param name="inputColumnNames">At least one; scalars and vectors of known size, all with items of one type.</param>
    /// <remarks>A slot is named after its scalar column, or <c>column.slot</c>; a single vector keeps its slot names.</remarks>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames) =>
        new(catalog.Context, outputColumnName, inputColumnNames);

    /// <summary>Drops columns; hidden ones of other names are dropped too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">At use: a column is missing.</exception>
    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        new(catalog.Context, columnNames, keep: false, keepHidden: false);

    /// <summary>Keeps these columns alone, in this order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">At use: a column is missing.</exception>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames) =>
        catalog.SelectColumns(columnNames, keepHidden: false);

    /// <summary>Keeps these columns alone, in this order.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columnNames">The columns to keep.</param>
    /// <param name="keepHidden">Whether the columns of the same names that these hide are kept too, each before the one that hides it.</param>
    /// <exception cref="ArgumentOutOfRangeException">At use: a column is missing.</exception>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, string[] columnNames, bool keepHidden) =>
        new(catalog.Context, columnNames, keep: true, keepHidden);
}
