namespace Microsoft.ML.Data;

/// <summary>How well a classifier's scores fit the labels; made by <see cref="MulticlassClassificationCatalog.Evaluate"/>.</summary>
/// <remarks>
/// Rows with a missing, negative or fractional label, or with a score that is not finite, are left out. Rows whose label is no class of the
/// model count as wrong.
/// </remarks>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassTally tally, IReadOnlyList<string> classNames)
    {
        MicroAccuracy = tally.MicroAccuracy;
        MacroAccuracy = tally.MacroAccuracy;
        LogLoss = tally.LogLoss;
        LogLossReduction = tally.LogLossReduction;
        PerClassLogLoss = tally.PerClassLogLoss();
        TopKPredictionCount = tally.TopK;
        TopKAccuracyForAllK = tally.TopK > 0 ? tally.TopKAccuracies() : null;
        ConfusionMatrix = new ConfusionMatrix(tally.Counts, classNames);
    }

    /// <summary>The share of the rows whose highest score is that of the label; among equal scores the lower class index wins. 0 without rows.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The mean, over the classes that occur, of the share of their rows that are right. 0 without rows.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The mean of −ln p, p being the score of the label cut to [10⁻¹⁵, 1]; scores are taken as probabilities, not normalised. 0 without rows.</summary>
    public double LogLoss { get; }

    /// <summary>(H − <see cref="LogLoss"/>) / H, where H is the log loss of always answering with the labels' own frequencies.</summary>
    /// <remarks>1 is perfect, below 0 is worse than those frequencies. Where only one class occurs H is 0: NaN for a log loss of 0, else −∞.</remarks>
    public double LogLossReduction { get; }

    /// <summary>The mean of −ln p over the rows of each class; 0 for a class without rows.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    /// <summary>The K that was asked for; 0: none.</summary>
    public int TopKPredictionCount { get; }

    /// <summary>The share of the rows whose label is among the K highest scores; 0 where no K was asked for, NaN without rows.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK is { } all ? all[^1] : 0;

    /// <summary>The same for 1 … K; null where no K was asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>How often each class was taken for each class.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
