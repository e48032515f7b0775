using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Estimators that bring numbers into a common range.</summary>
public static class NormalizationCatalog
{
    /// <summary>Scales each feature by the smallest and largest value seen.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName"><see cref="float"/> or a vector of known size of them; null: the column called <paramref name="outputColumnName"/>.</param>
    /// <param name="maximumExampleCount">How many rows are looked at; at least 1.</param>
    /// <param name="fixZero">
    /// True: x / max(|min|, |max|), so that 0 stays 0 and the values lie in [−1, 1]. False: (x − min) / (max − min), so that they lie in [0, 1].
    /// </param>
    /// <remarks>
    /// Values beyond those seen in training leave the range. A feature that is always 0, or without <paramref name="fixZero"/> always the same,
    /// becomes 0. NaN and infinite values are left out of the training; NaN stays NaN.
    /// </remarks>
    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null, long maximumExampleCount = 1000000000, bool fixZero = true) =>
        new(catalog.Context, new InputOutputColumnPair(outputColumnName, inputColumnName), maximumExampleCount, fixZero);
}
