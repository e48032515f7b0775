using System.Globalization;

namespace MLPipelines.Learning;

/// <summary>One call of <see cref="NetworkTrainer.Fit"/>: what happens around the computation of a batch.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingTask task;
    private readonly NetworkTrainingSettings settings;
    private readonly ITrainableNetwork network;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly Optimizer optimizer;
    private readonly Validator? validator;
    private readonly MetricWatch watch;
    private readonly CheckpointFolder? folder;
    private readonly IReadOnlyDictionary<string, string> fingerprint = new Dictionary<string, string>();
    private readonly TrainingState state;
    private readonly LapClock clock;
    private readonly int batchCount;

    /// <summary>Checks everything, and goes on from a checkpoint where that is asked for.</summary>
    public TrainingRun(TrainingTask task, IProgress<TrainingProgress>? progress, TimeProvider time)
    {
        task.Check();
        (this.task, settings, network, this.progress) = (task, task.Settings, task.Network, progress);
        watch = new MetricWatch(task);
        optimizer = new Optimizer(settings.Optimizer, network, settings.Clipping);
        validator = task.Validation is { } samples ? new Validator(task, samples) : null;
        batchCount = (task.Training.Count + settings.BatchSize - 1) / settings.BatchSize;
        state = new TrainingState(network.Classes) { ClassWeights = settings.ClassWeights.AtFirst(task.SamplesPerClass, task.Labels) };
        if (settings.Checkpoints is { } checkpoints)
        {
            fingerprint = TrainingFingerprint.Of(task);
            folder = Open(checkpoints);
        }

        ClassWeights = AsFloats(state.ClassWeights);
        if (state.Epoch > settings.Epochs) state.Stop ??= StopReason.Finished;
        clock = new LapClock(time);
    }

    /// <summary>The epoch at work, from 1.</summary>
    public int Epoch => state.Epoch;

    /// <summary>The next batch of the epoch, from 0.</summary>
    public int NextBatch => state.Training.NextBatch;

    /// <summary>Whether nothing has ended the training yet.</summary>
    public bool GoesOn => state.Stop is null;

    /// <summary>How much each class counts in this epoch; empty for all alike.</summary>
    public float[] ClassWeights { get; private set; }

    /// <summary>What dropout draws from in this step.</summary>
    public ulong Noise => SeededRandom.Key(settings.Seed, (ulong)RandomPurpose.Dropout, (ulong)optimizer.Steps);

    private double LearningRate => RateOf(NextBatch);

    /// <summary>Whether the epoch has another batch, and neither the caller nor the clock ends the training before it.</summary>
    public bool HasBatch(CancellationToken cancellation) => HasBatch(state.Training, batchCount, "epoch", cancellation);

    /// <exception cref="TrainingDivergedException">The loss is no number.</exception>
    public void RequireFinite(LossSum loss)
    {
        if (!double.IsFinite(loss.Sum)) throw Diverged("the loss is not a finite number");
    }

    /// <summary>Makes a step of the optimiser.</summary>
    /// <exception cref="TrainingDivergedException">A gradient or a weight is no number.</exception>
    public void UpdateWeights()
    {
        if (!optimizer.Update(LearningRate)) throw Diverged("a gradient or a weight is not a finite number");
    }

    /// <summary>Counts the batch, tells of it, and writes it down where that is due.</summary>
    public void EndBatch(Batch batch, LossSum loss, int[] predicted)
    {
        var rate = LearningRate;
        Count(state.Training, batchCount, batch, loss, predicted, rate);
        if (NextBatch < batchCount && folder?.IsDueAfter(NextBatch) == true) WriteCheckpoint(folder.Last);
        var soFar = state.Training.All;
        progress?.Report(new TrainingProgress.BatchEnded(
            Epoch, settings.Epochs, NextBatch, batchCount, soFar.Loss.Mean, soFar.Confusion.Accuracy, rate, soFar.SamplesPerSecond));
    }

    /// <summary>Judges the validation samples; false where the caller or the clock ended the training meanwhile.</summary>
    /// <remarks>What was judged until then is kept: a training that is gone on with judges the rest.</remarks>
    /// <exception cref="TrainingDivergedException">The loss is no number.</exception>
    public bool Validate(CancellationToken cancellation)
    {
        if (validator is null) return true;
        clock.Lap();
        while (HasBatch(state.Validation, validator.BatchCount, "the validation of epoch", cancellation))
        {
            var (batch, loss) = validator.Judge(state.Validation.NextBatch);
            Count(state.Validation, validator.BatchCount, batch, loss, validator.Predicted, RateOf(batchCount - 1));
        }

        if (GoesOn && !double.IsFinite(state.Validation.All.Loss.Mean)) throw Diverged("the validation loss is not a finite number");
        return GoesOn;
    }

    /// <summary>Writes the epoch into the history, looks whether it was the best or the last, and prepares the next.</summary>
    public void EndEpoch()
    {
        var epoch = Record();
        var (isBest, drops) = watch.See(state, epoch);
        epoch = epoch with { LearningRateDropped = drops };
        if (isBest && watch.RestoresBest) KeepBest();
        state.Epochs.Add(epoch);
        if (watch.IsOver(state)) Stop(StopReason.EarlyStopping, watch.Sentence(state));
        state.ClassWeights = settings.ClassWeights.After(state.ClassWeights, epoch.Validation?.Confusion);
        ClassWeights = AsFloats(state.ClassWeights);
        state.Epoch++;
        state.Training.Clear();
        state.Validation.Clear();
        if (state.Epoch > settings.Epochs && GoesOn) state.Stop = StopReason.Finished;
        if (folder is not null)
        {
            if (isBest && watch.KeepsBest) WriteCheckpoint(folder.Best);
            if (folder.KeptAfter(epoch.Epoch) is { } kept) WriteCheckpoint(kept);
            WriteCheckpoint(folder.Last);
        }

        progress?.Report(new TrainingProgress.EpochEnded(epoch, settings.Epochs, isBest, task.Labels));
    }

    /// <summary>Leaves a checkpoint where the training was broken off, and the network with the best weights.</summary>
    public TrainingResult End()
    {
        if (folder is not null && (state.Stop is StopReason.Cancelled or StopReason.TimeBudget)) WriteCheckpoint(folder.Last);
        return new TrainingResult(History(), state.Stop!.Value, RestoreBest());
    }

    /// <inheritdoc/>
    public void Dispose() => folder?.Dispose();

    private double RateOf(int batch) => settings.Optimizer.LearningRate * state.Plateau.Factor
        * settings.Schedule.FactorAt((long)(Epoch - 1) * batchCount + batch, batchCount, (long)settings.Epochs * batchCount);

    private bool HasBatch(EpochPart part, int batches, string where, CancellationToken cancellation)
    {
        if (part.NextBatch == batches) return false;
        if (cancellation.IsCancellationRequested)
            Stop(StopReason.Cancelled, $"Cancelled in {where} {Epoch} after batch {part.NextBatch} of {batches}.");
        else if (clock.Elapsed >= settings.TimeBudget)
            Stop(StopReason.TimeBudget, $"The time of {settings.TimeBudget} was used up in {where} {Epoch} after batch {part.NextBatch} of {batches}.");
        return GoesOn;
    }

    private void Count(EpochPart part, int batches, Batch batch, LossSum loss, int[] predicted, double rate)
    {
        part.Add(batch, loss, predicted, clock.Lap(), intoStretch: settings.BatchesPerRecord > 0);
        if (settings.BatchesPerRecord == 0 || (part.NextBatch % settings.BatchesPerRecord != 0 && part.NextBatch != batches)) return;
        var stretch = part.Stretch;
        state.Batches.Add(
            new BatchRecord(part.Name, Epoch, part.NextBatch, stretch.Loss.Mean, stretch.Confusion.Clone(), rate, stretch.SamplesPerSecond));
        stretch.Clear();
    }

    private void Stop(StopReason reason, string detail) => (state.Stop, state.StopDetail) = (reason, detail);

    private TrainingDivergedException Diverged(string what)
    {
        var batch = Math.Min(NextBatch, batchCount - 1);
        var detail = string.Create(
            CultureInfo.InvariantCulture, $"In epoch {Epoch}, batch {batch + 1} of {batchCount}, at the learning rate {RateOf(batch)}, {what}.");
        Stop(StopReason.NotANumber, detail);
        var restored = RestoreBest() ? $" The network has the weights of epoch {state.Watch.BestEpoch} again." : "";
        return new TrainingDivergedException(
            $"The training diverged. {detail}{restored} Lower the learning rate, warm it up, or clip the gradients.", History());
    }

    private EpochRecord Record() => new()
    {
        Epoch = Epoch,
        LearningRate = RateOf(batchCount - 1),
        Seconds = state.Training.All.Seconds + state.Validation.All.Seconds,
        SamplesPerSecond = state.Training.All.SamplesPerSecond,
        Training = state.Training.All.ToRecord(),
        Validation = validator is null ? null : state.Validation.All.ToRecord(),
        ClassWeights = state.ClassWeights,
    };

    private TrainingHistory History() => new()
    {
        Network = network.Definition?.Name ?? "network",
        ParameterCount = network.Weights.Length,
        Labels = task.Labels,
        Settings = settings.ByName(),
        Monitor = watch.Metric,
        MonitorHigherIsBetter = watch.HigherIsBetter,
        Epochs = [.. state.Epochs],
        Batches = [.. state.Batches],
        BestEpoch = state.Watch.BestEpoch,
        Stop = state.Stop,
        StopDetail = state.StopDetail,
    };

    private void KeepBest()
    {
        network.Weights.CopyTo(state.BestWeights ??= new float[network.Weights.Length]);
        network.State.CopyTo(state.BestState ??= new float[network.State.Length]);
    }

    private bool RestoreBest()
    {
        if (!watch.RestoresBest || state.BestWeights is null) return false;
        state.BestWeights.CopyTo(network.Weights);
        state.BestState.CopyTo(network.State);
        return true;
    }

    private CheckpointFolder Open(CheckpointSettings checkpoints)
    {
        var opened = new CheckpointFolder(checkpoints);
        try
        {
            if (opened.MustResume()) Checkpoint.Restore(opened.Last, fingerprint, state, network, optimizer);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void WriteCheckpoint(string path) => Checkpoint.Write(path, fingerprint, state, network, optimizer);

    private static float[] AsFloats(double[]? weights) => weights is null ? [] : [.. weights.Select(weight => (float)weight)];
}
