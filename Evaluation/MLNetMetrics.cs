namespace MLPipelines.Evaluation;

/// <summary>What ML.NET’s own evaluator says of the same rows; how its definitions differ is in docs/metrics.md.</summary>
/// <param name="MicroAccuracy">Share of rows predicted rightly; rows of unknown label are wrong.</param>
/// <param name="MacroAccuracy">Mean recall of the classes that occur; 0 without rows.</param>
/// <param name="LogLoss">Mean of −ln p(true class), p clipped at 10⁻¹⁵ in single precision and not normalised; unknown labels count.</param>
/// <param name="LogLossReduction">(H − log-loss) / H.</param>
/// <param name="TopKAccuracy">Top-k accuracy for k = 1, 2, …; empty if it was not asked for.</param>
public sealed record MLNetMetrics(
    double MicroAccuracy, double MacroAccuracy, double LogLoss, double LogLossReduction, IReadOnlyList<double> TopKAccuracy);
