using Microsoft.ML;

namespace MLPipelines.Transforms;

/// <summary>Calibrated classifiers among ML.NET's trainers.</summary>
public static class CalibratedClassifierCatalog
{
    /// <summary>A classifier whose probabilities are calibrated by a temperature, fitted on rows that the classifier was not trained on.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="classifier">A trainer, or a chain of estimators that ends in scores.</param>
    /// <param name="outputColumnName">The probabilities, a vector as long as the scores.</param>
    /// <param name="scoreColumnName">The scores that the classifier gives, a vector of Single of known size.</param>
    /// <param name="labelColumnName">The true class: a key, whose first value is the first score's class, or a Single that holds the index.</param>
    /// <param name="input">
    /// What the scores are. Of ML.NET's trainers LbfgsMaximumEntropy, SdcaMaximumEntropy, LightGbm and OneVersusAll give probabilities, SdcaNonCalibrated
    /// and NaiveBayes logits.
    /// </param>
    /// <param name="rows">The rows to calibrate on; null: <see cref="CrossFitting"/> with 5 folds.</param>
    /// <param name="options">The range of temperatures and the threads.</param>
    public static CalibratedClassifierEstimator Calibrated(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        IEstimator<ITransformer> classifier,
        string outputColumnName = "Probability",
        string scoreColumnName = "Score",
        string labelColumnName = "Label",
        SoftmaxInput input = SoftmaxInput.Logits,
        CalibrationRows? rows = null,
        TemperatureFitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(classifier, outputColumnName, scoreColumnName, labelColumnName, input, rows ?? new CrossFitting(), options);
    }
}
