namespace MLPipelines.Learning;

/// <summary>How a training ended. The network itself holds what was learnt.</summary>
/// <param name="History">All that was recorded, of earlier runs too where the training was gone on with.</param>
/// <param name="Stop">Why it ended.</param>
/// <param name="HasBestWeights">Whether the network has the weights of <see cref="TrainingHistory.BestEpoch"/>; if not, the last ones.</param>
public sealed record TrainingResult(TrainingHistory History, StopReason Stop, bool HasBestWeights);

/// <summary>The loss, a gradient or a weight became NaN or infinite.</summary>
/// <remarks>
/// The network has the weights of the best epoch where such are kept, and otherwise what the training left. The last checkpoint is the one
/// written before.
/// </remarks>
public sealed class TrainingDivergedException(string message, TrainingHistory history) : Exception(message)
{
    /// <summary>The epochs that had ended, with <see cref="TrainingHistory.Stop"/> and <see cref="TrainingHistory.StopDetail"/>.</summary>
    public TrainingHistory History { get; } = history;
}
