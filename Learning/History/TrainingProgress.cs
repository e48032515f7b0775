namespace MLPipelines.Learning;

/// <summary>What a training tells while it runs; what a progress bar and a log need.</summary>
public abstract record TrainingProgress
{
    private TrainingProgress()
    {
    }

    /// <summary>A batch was learnt from.</summary>
    /// <param name="Epoch">Which epoch, from 1.</param>
    /// <param name="Epochs">How many epochs there will be at most.</param>
    /// <param name="Batch">Which batch of the epoch, from 1.</param>
    /// <param name="Batches">How many batches an epoch has.</param>
    /// <param name="Loss">The mean loss of the epoch’s samples so far.</param>
    /// <param name="Accuracy">The accuracy over the epoch’s samples so far.</param>
    /// <param name="LearningRate">The learning rate of this batch.</param>
    /// <param name="SamplesPerSecond">The speed of the epoch so far.</param>
    public sealed record BatchEnded(
        int Epoch, int Epochs, int Batch, int Batches, double Loss, double Accuracy, double LearningRate, double SamplesPerSecond) : TrainingProgress;

    /// <summary>An epoch is complete, validation included.</summary>
    /// <param name="Epoch">What it came to.</param>
    /// <param name="Epochs">How many epochs there will be at most.</param>
    /// <param name="IsBest">Whether the monitored metric was never better.</param>
    /// <param name="Labels">The class names, in the order of the confusion counts.</param>
    public sealed record EpochEnded(EpochRecord Epoch, int Epochs, bool IsBest, IReadOnlyList<string> Labels) : TrainingProgress;
}
