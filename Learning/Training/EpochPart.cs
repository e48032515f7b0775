namespace MLPipelines.Learning;

/// <summary>How far the training or the validation of an epoch has come, and what its batches came to.</summary>
/// <param name="name"><see cref="BatchRecord.TrainingPart"/> or <see cref="BatchRecord.ValidationPart"/>.</param>
/// <param name="classes">How many classes there are.</param>
internal sealed class EpochPart(string name, int classes)
{
    public string Name => name;

    /// <summary>The next batch, from 0; as many as there are when all are done.</summary>
    public int NextBatch { get; private set; }

    /// <summary>The epoch's batches so far.</summary>
    public BatchTally All { get; } = new(classes);

    /// <summary>The batches since the last batch record.</summary>
    public BatchTally Stretch { get; } = new(classes);

    /// <summary>Counts a batch, into a stretch too where records of stretches are asked for.</summary>
    public void Add(Batch batch, LossSum loss, int[] predicted, double seconds, bool intoStretch)
    {
        NextBatch++;
        All.Add(batch, loss, predicted, seconds);
        if (intoStretch) Stretch.Add(batch, loss, predicted, seconds);
    }

    /// <summary>Begins the next epoch.</summary>
    public void Clear()
    {
        NextBatch = 0;
        All.Clear();
        Stretch.Clear();
    }

    /// <summary>The part as a checkpoint holds it.</summary>
    public SavedEpochPart Save() => new(NextBatch, All.Save(), Stretch.Save());

    public void Restore(SavedEpochPart saved)
    {
        NextBatch = saved.NextBatch;
        All.Restore(saved.All);
        Stretch.Restore(saved.Stretch);
    }
}

/// <summary>An <see cref="EpochPart"/> in a checkpoint.</summary>
internal sealed record SavedEpochPart(int NextBatch, SavedTally All, SavedTally Stretch);
