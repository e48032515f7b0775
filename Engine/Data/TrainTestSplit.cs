namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Splits data at random into a part to train on and a part to test on.</summary>
    /// <param name="data">The rows. They are drawn independently: the parts are about, not exactly, of the size asked for.</param>
    /// <param name="testFraction">The share of the test part, above 0 and below 1.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one part, such as a patient's id; null: every row for itself.</param>
    /// <param name="seed">Makes the split repeatable; null: the context's seed, else different every time.</param>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The share of the test part must be above 0 and below 1.");
        var sample = Sample(data, samplingKeyColumnName, seed);
        return new TrainTestData(sample.Rows(0, testFraction, complement: true), sample.Rows(0, testFraction));
    }

    /// <summary>Splits data at random into folds, each once the test part and otherwise part of what is trained on.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold; null: every row for itself.</param>
    /// <param name="seed">Makes the split repeatable; null: the context's seed, else different every time.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        var sample = Sample(data, samplingKeyColumnName, seed);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            var (lower, upper) = ((double)fold / numberOfFolds, (fold + 1.0) / numberOfFolds);
            return new TrainTestData(sample.Rows(lower, upper, complement: true), sample.Rows(lower, upper));
        })];
    }

    // The seed is drawn once: both parts, and every pass over them, must see the same split.
    private RowSample Sample(IDataView data, string groupColumnName, int? seed) =>
        new(data, groupColumnName, Context.CreateRandom(nameof(RowSample), seed).Next());

    /// <summary>Two parts of some data.</summary>
    public readonly struct TrainTestData
    {
        internal TrainTestData(IDataView trainSet, IDataView testSet) => (TrainSet, TestSet) = (trainSet, testSet);

        /// <summary>The part to train on.</summary>
        public readonly IDataView TrainSet;

        /// <summary>The part to test on.</summary>
        public readonly IDataView TestSet;
    }
}
