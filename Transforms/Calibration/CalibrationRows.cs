using Microsoft.ML;

namespace MLPipelines.Transforms;

/// <summary>Which rows a classifier is calibrated on: <see cref="CrossFitting"/>, <see cref="HeldOutShare"/> or <see cref="HeldOutData"/>.</summary>
public abstract record CalibrationRows
{
    /// <summary>Trains the classifier, and gathers scores of rows that it was not trained on.</summary>
    internal abstract ITransformer Fit(IEstimator<ITransformer> classifier, IDataView rows, CalibrationScores scores);
}

/// <summary>
/// All rows, each scored by a classifier that was trained without the row's fold. The classifier that is kept is trained on all rows, so
/// that nothing is lost to calibration and training takes folds + 1 times as long. As scikit-learn's <c>CalibratedClassifierCV(ensemble=False)</c>.
/// </summary>
/// <param name="Folds">2 or more.</param>
/// <param name="SamplingKeyColumnName">Rows of one value of this column stay in one fold, such as the photographs of one patient.</param>
/// <param name="Seed">Decides which row comes into which fold.</param>
public sealed record CrossFitting(int Folds = 5, string? SamplingKeyColumnName = null, int Seed = 1) : CalibrationRows
{
    /// <summary>2 or more.</summary>
    public int Folds { get; } = Folds >= 2
        ? Folds
        : throw new ArgumentOutOfRangeException(nameof(Folds), Folds, "To be scored by a classifier that did not see them, rows need 2 folds or more.");

    // A fold's classifier is not disposed of: ML.NET's ONNX estimator hands out the same transformer at each Fit.
    internal override ITransformer Fit(IEstimator<ITransformer> classifier, IDataView rows, CalibrationScores scores)
    {
        foreach (var fold in new MLContext().Data.CrossValidationSplit(rows, Folds, SamplingKeyColumnName, Seed))
            scores.Add(classifier.Fit(fold.TrainSet).Transform(fold.TestSet));
        return classifier.Fit(rows);
    }
}

/// <summary>A share of the rows, which the classifier is not trained on. One training, on fewer rows.</summary>
/// <param name="Share">Above 0 and below 1.</param>
/// <param name="SamplingKeyColumnName">Rows of one value of this column stay together, such as the photographs of one patient.</param>
/// <param name="Seed">Decides which rows are held out.</param>
public sealed record HeldOutShare(double Share = 0.2, string? SamplingKeyColumnName = null, int Seed = 1) : CalibrationRows
{
    /// <summary>Above 0 and below 1.</summary>
    public double Share { get; } = Share is > 0 and < 1
        ? Share
        : throw new ArgumentOutOfRangeException(nameof(Share), Share, "The share of the rows to hold out is above 0 and below 1.");

    internal override ITransformer Fit(IEstimator<ITransformer> classifier, IDataView rows, CalibrationScores scores)
    {
        var parts = new MLContext().Data.TrainTestSplit(rows, Share, SamplingKeyColumnName, Seed);
        var fitted = classifier.Fit(parts.TrainSet);
        scores.Add(fitted.Transform(parts.TestSet));
        return fitted;
    }
}

/// <summary>Other rows than those that the estimator is fitted on. One training, on all of those.</summary>
/// <param name="Data">Rows with the columns that the classifier reads and the label.</param>
public sealed record HeldOutData(IDataView Data) : CalibrationRows
{
    internal override ITransformer Fit(IEstimator<ITransformer> classifier, IDataView rows, CalibrationScores scores)
    {
        var fitted = classifier.Fit(rows);
        scores.Add(fitted.Transform(Data));
        return fitted;
    }
}
