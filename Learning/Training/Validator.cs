namespace MLPipelines.Learning;

/// <summary>Lets a network tell the validation samples apart, as in use: all of them, in their order.</summary>
internal sealed class Validator
{
    private readonly ITrainableNetwork network;
    private readonly BatchReader batches;
    private readonly BatchLoss loss;
    private readonly BatchTally all;
    private readonly BatchTally stretch;
    private readonly int batchesPerRecord;

    public Validator(TrainingTask task, ISampleSource samples)
    {
        network = task.Network;
        batches = BatchReader.ForValidation(samples, network, task.Settings);
        loss = new BatchLoss(task.Settings.Loss, network);
        all = new BatchTally(network.Classes);
        stretch = new BatchTally(network.Classes);
        batchesPerRecord = task.Settings.BatchesPerRecord;
    }

    /// <summary>How long the last evaluation took.</summary>
    public double Seconds => all.Seconds;

    /// <summary>Loss and confusion of all samples; null where it was cancelled before the end.</summary>
    /// <param name="clock">Gives the seconds since it was last asked.</param>
    /// <param name="addRecord">Is given each stretch of batches with the number of its last, where such records are asked for.</param>
    /// <param name="cancellation">Ends it early.</param>
    public PartRecord? Evaluate(LapClock clock, Action<BatchTally, int> addRecord, CancellationToken cancellation)
    {
        all.Clear();
        stretch.Clear();
        clock.Lap();
        for (var index = 0; index < batches.BatchCount; index++)
        {
            if (cancellation.IsCancellationRequested) return null;
            var batch = batches.Read(index);
            network.Forward(batch.Count, training: false);
            var batchLoss = loss.Compute(batch, []);
            var seconds = clock.Lap();
            all.Add(batch, batchLoss, loss.Predicted, seconds);
            if (batchesPerRecord == 0) continue;
            stretch.Add(batch, batchLoss, loss.Predicted, seconds);
            if ((index + 1) % batchesPerRecord != 0 && index + 1 != batches.BatchCount) continue;
            addRecord(stretch, index + 1);
            stretch.Clear();
        }

        return all.ToRecord();
    }
}

/// <summary>A stopwatch that is read lap by lap.</summary>
internal sealed class LapClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private long last = time.GetTimestamp();

    /// <summary>Since the clock was made.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Seconds since the last lap.</summary>
    public double Lap()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(last, now).TotalSeconds;
        last = now;
        return seconds;
    }
}
