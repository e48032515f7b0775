using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers of linear classifiers.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>A maximum-entropy classifier, trained with L-BFGS.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">A key of <see cref="uint"/>.</param>
    /// <param name="featureColumnName">A vector of known size of <see cref="float"/>, best of a common range.</param>
    /// <param name="exampleWeightColumnName">The weight of each row, a <see cref="float"/>; null: every row counts 1.</param>
    /// <param name="l1Regularization">λ₁ of the objective (see <see cref="LbfgsMaximumEntropyMulticlassTrainer"/>); it makes weights exactly 0.</param>
    /// <param name="l2Regularization">λ₂ of the objective; it keeps weights small.</param>
    /// <param name="optimizationTolerance">Training ends when the relative improvement, averaged over five iterations, is not above this.</param>
    /// <param name="historySize">How many past iterations the curvature is estimated from.</param>
    /// <param name="enforceNonNegativity">Whether weights (not biases) must not be negative.</param>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string exampleWeightColumnName = null,
        float l1Regularization = 1f,
        float l2Regularization = 1f,
        float optimizationTolerance = 1E-07f,
        int historySize = 20,
        bool enforceNonNegativity = false) =>
        catalog.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });

    /// <summary>A maximum-entropy classifier, trained with L-BFGS, with all options.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LbfgsMaximumEntropyMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.Context, options);
    }

    /// <summary>A maximum-entropy classifier, trained with stochastic dual coordinate ascent.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">A key of <see cref="uint"/>.</param>
    /// <param name="featureColumnName">A vector of known size of <see cref="float"/>, best of a common range.</param>
    /// <param name="exampleWeightColumnName">The weight of each row, a <see cref="float"/>; null: every row counts 1.</param>
    /// <param name="l2Regularization">λ of the objective (see <see cref="SdcaMaximumEntropyMulticlassTrainer"/>); null: 1 / rows, but at least 10⁻⁴.</param>
    /// <param name="l1Regularization">τ of the objective; null: 0.</param>
    /// <param name="maximumNumberOfIterations">The most passes over the rows; null: 1000.</param>
    public static SdcaMaximumEntropyMulticlassTrainer SdcaMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string exampleWeightColumnName = null,
        float? l2Regularization = null,
        float? l1Regularization = null,
        int? maximumNumberOfIterations = null) =>
        catalog.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L2Regularization = l2Regularization,
            L1Regularization = l1Regularization,
            MaximumNumberOfIterations = maximumNumberOfIterations,
        });

    /// <summary>A maximum-entropy classifier, trained with stochastic dual coordinate ascent, with all options.</summary>
    public static SdcaMaximumEntropyMulticlassTrainer SdcaMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SdcaMaximumEntropyMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.Context, options);
    }
}
