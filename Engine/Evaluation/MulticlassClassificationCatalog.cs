using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Compares the scores of <paramref name="data"/> with its labels.</summary>
    /// <param name="data">Scored rows.</param>
    /// <param name="labelColumnName">A key column, or class indices from 0 as <see cref="float"/>.</param>
    /// <param name="scoreColumnName">Probabilities, one for each class: a vector of known size, at least 2, of <see cref="float"/>.</param>
    /// <param name="predictedLabelColumnName">A column that must be there; the highest score decides, it is not read.</param>
    /// <param name="topKPredictionCount">The largest K to give top-K accuracies for; 0: none. May be more than there are classes.</param>
    /// <remarks>Rows that cannot be counted are left out; a warning in <see cref="MLContext.Log"/> says how many and why.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or K is negative.</exception>
    /// <exception cref="InvalidDataException">A row has another number of scores than the column's type says.</exception>
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        int topKPredictionCount = 0) =>
        MulticlassEvaluator.Evaluate(Context, data, labelColumnName, scoreColumnName, predictedLabelColumnName, topKPredictionCount);

    /// <summary>Trains and evaluates once for each fold, on rows the model has not seen.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">Everything that learns, the trainer last; its classifier must add <c>Score</c> and <c>PredictedLabel</c>.</param>
    /// <param name="numberOfFolds">At least 2. The rows are drawn independently: folds are about, not exactly, of one size.</param>
    /// <param name="labelColumnName">The label to evaluate against, see <see cref="Evaluate"/>.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold; null: every row for itself.</param>
    /// <param name="seed">Makes the folds repeatable; null: the context's seed, else different every time.</param>
    /// <exception cref="InvalidDataException">A fold has no rows.</exception>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string samplingKeyColumnName = null,
        int? seed = null) =>
        CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));
}
