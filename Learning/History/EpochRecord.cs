namespace MLPipelines.Learning;

/// <summary>What one pass over the training data came to.</summary>
public sealed record EpochRecord
{
    /// <summary>Which one, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate of its last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether the learning rate was lowered at its end because the monitored metric had stopped getting better.</summary>
    public bool LearningRateDropped { get; init; }

    /// <summary>How long it took, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training samples per second, validation not counted.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>The samples that were learnt from, as the network answered while it learnt: augmented, with dropout, weights changing.</summary>
    public required PartRecord Training { get; init; }

    /// <summary>The samples held out, as the network answered at the end of the epoch; null where none were.</summary>
    public PartRecord? Validation { get; init; }

    /// <summary>How much a sample of each class weighed in the loss, in the order of the labels; null where all weighed alike.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }
}
