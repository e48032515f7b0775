using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Estimators that change the type of a column.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Numbers the values of a column: each distinct value becomes a key.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The key column to make.</param>
    /// <param name="inputColumnName">Text, numbers or Booleans; null: the column called <paramref name="outputColumnName"/>.</param>
    /// <param name="maximumNumberOfKeys">How many distinct values get a key; those met after that are taken as missing.</param>
    /// <param name="keyOrdinality">Which value gets which key: by first occurrence or in ascending order.</param>
    /// <param name="addKeyValueAnnotationsAsText">Whether the <c>KeyValues</c> annotation holds text instead of the values.</param>
    /// <param name="keyData">A view with one column, whose values get the keys 1, 2, 3, …; then nothing is learned from the data.</param>
    /// <remarks>
    /// Values without a key, empty text and NaN become 0, the missing key. Text is compared by its characters' codes, whatever the culture.
    /// </remarks>
    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false,
        IDataView keyData = null) =>
        new(catalog.Context, new InputOutputColumnPair(outputColumnName, inputColumnName), maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>Turns keys back into the values of their <c>KeyValues</c> annotation; a missing key becomes empty text, NaN or 0.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column to make; it has no annotations.</param>
    /// <param name="inputColumnName">The key column; null: the column called <paramref name="outputColumnName"/>, which is then hidden.</param>
    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null) =>
        new(catalog.Context, new InputOutputColumnPair(outputColumnName, inputColumnName));
}
