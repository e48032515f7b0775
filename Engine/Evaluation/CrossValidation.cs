namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>What one fold of a cross-validation gave.</summary>
    /// <typeparam name="T">The task's metrics.</typeparam>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        internal CrossValidationResult(ITransformer model, T metrics, IDataView scoredHoldOutSet, int fold) =>
            (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scoredHoldOutSet, fold);

        /// <summary>What was learned from the other folds.</summary>
        public readonly ITransformer Model;

        /// <summary>How well it does on this fold.</summary>
        public readonly T Metrics;

        /// <summary>This fold's rows after <see cref="Model"/>.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The number of the fold, from 0.</summary>
        public readonly int Fold;
    }

    /// <summary>Trains on all folds but one and evaluates on that one, for each fold in turn.</summary>
    private protected IReadOnlyList<CrossValidationResult<T>> CrossValidate<T>(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        var results = new List<CrossValidationResult<T>>();
        foreach (var split in Context.Data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed))
        {
            var fold = results.Count;
            RequireRows(split.TrainSet, "train", fold, numberOfFolds);
            RequireRows(split.TestSet, "test", fold, numberOfFolds);
            var model = estimator.Fit(split.TrainSet);
            var scored = model.Transform(split.TestSet);
            results.Add(new(model, evaluate(scored), scored, fold));
        }
        return results;
    }

    private static void RequireRows(IDataView data, string purpose, int fold, int numberOfFolds)
    {
        using var cursor = data.GetRowCursor([]);
        if (!cursor.MoveNext())
            throw new InvalidDataException(
                $"Fold {fold} of {numberOfFolds} has no rows to {purpose} on: the rows are drawn at random, and there are too few. Use fewer folds or more rows.");
    }
}
