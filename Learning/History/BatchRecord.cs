namespace MLPipelines.Learning;

/// <summary>What a stretch of batches came to, where a history is wanted finer than by epochs.</summary>
/// <param name="Part">Which data: <see cref="TrainingPart"/> or <see cref="ValidationPart"/>.</param>
/// <param name="Epoch">Which epoch, from 1.</param>
/// <param name="Batch">The last batch of the stretch, from 1 in each epoch.</param>
/// <param name="Loss">The mean loss of the stretch's samples.</param>
/// <param name="Confusion">The stretch's samples, those since the record before, by truth and prediction.</param>
/// <param name="LearningRate">The learning rate of the last batch.</param>
/// <param name="SamplesPerSecond">The speed over the stretch.</param>
public sealed record BatchRecord(
    string Part, int Epoch, int Batch, double Loss, ConfusionCounts Confusion, double LearningRate, double SamplesPerSecond)
{
    /// <summary>The <see cref="Part"/> of batches that were learnt from.</summary>
    public const string TrainingPart = "training";

    /// <summary>The <see cref="Part"/> of batches that were held out.</summary>
    public const string ValidationPart = "validation";
}
