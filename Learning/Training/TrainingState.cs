namespace MLPipelines.Learning;

/// <summary>Where a training stands between two batches: all that a checkpoint holds beside the numbers of network and optimiser.</summary>
internal sealed class TrainingState(int classes)
{
    /// <summary>The epoch at work, from 1; one more than the last when all are done.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The epoch's training batches.</summary>
    public EpochPart Training { get; } = new(BatchRecord.TrainingPart, classes);

    /// <summary>The epoch's validation batches, which begin when all training batches are done.</summary>
    public EpochPart Validation { get; } = new(BatchRecord.ValidationPart, classes);

    /// <summary>The weights of the classes in this epoch; null for all alike.</summary>
    public double[]? ClassWeights { get; set; }

    public PlateauState Plateau { get; set; } = PlateauState.Start;

    public EarlyStoppingState Watch { get; set; } = EarlyStoppingState.Start;

    public List<EpochRecord> Epochs { get; } = [];

    public List<BatchRecord> Batches { get; } = [];

    /// <summary>The weights after the best epoch; null where none are kept or none was best yet.</summary>
    public float[]? BestWeights { get; set; }

    /// <summary>What was measured along with <see cref="BestWeights"/>.</summary>
    public float[]? BestState { get; set; }

    /// <summary>Why the training is over; null while it goes on.</summary>
    public StopReason? Stop { get; set; }

    /// <summary>The end in a sentence.</summary>
    public string? StopDetail { get; set; }
}
