namespace MLPipelines.Learning;

/// <summary>What a run of batches came to so far.</summary>
internal sealed class BatchTally(int classes)
{
    /// <summary>The losses and what they count.</summary>
    public LossSum Loss { get; private set; }

    /// <summary>Samples by truth and prediction; of a mixed sample, the class with the greater share is the truth.</summary>
    public ConfusionCounts Confusion { get; } = new(classes);

    /// <summary>How long the batches took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Samples per second; 0 before any time has passed.</summary>
    public double SamplesPerSecond => Seconds > 0 ? Confusion.Total / Seconds : 0;

    public void Add(Batch batch, LossSum loss, int[] predicted, double seconds)
    {
        Loss += loss;
        Seconds += seconds;
        for (var i = 0; i < batch.Count; i++) Confusion.Add(batch.Targets[i].MainLabel, predicted[i]);
    }

    public void Clear()
    {
        (Loss, Seconds) = (default, 0);
        Confusion.Clear();
    }

    public PartRecord ToRecord() => new(Loss.Mean, Confusion.Clone());

    /// <summary>The tally as a checkpoint holds it.</summary>
    public SavedTally Save() => new(Loss.Sum, Loss.Count, Seconds, Confusion);

    public void Restore(SavedTally saved)
    {
        Clear();
        (Loss, Seconds) = (new LossSum(saved.Sum, saved.Count), saved.Seconds);
        Confusion.Merge(saved.Confusion);
    }
}

/// <summary>A <see cref="BatchTally"/> in a checkpoint.</summary>
internal sealed record SavedTally(double Sum, double Count, double Seconds, ConfusionCounts Confusion);
