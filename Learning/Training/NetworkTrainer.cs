namespace MLPipelines.Learning;

/// <summary>Trains a network: batches forward, their loss, backward, a step of the optimiser; a validation after every epoch.</summary>
/// <param name="settings">How.</param>
/// <param name="time">The clock of the time budget and of the speeds in the history; null for the machine's.</param>
/// <remarks>
/// The same settings, network, data and kind of machine give the same weights to the bit, whatever the number of threads, and also when the
/// training was interrupted and gone on with in between. After its first batches, an epoch allocates nothing by itself.
/// </remarks>
public sealed class NetworkTrainer(NetworkTrainingSettings settings, TimeProvider? time = null)
{
    /// <summary>Trains the network in place.</summary>
    /// <param name="network">Is left with the best weights, or the last.</param>
    /// <param name="training">The samples to learn from; every class has some.</param>
    /// <param name="validation">Samples to judge by after each epoch; null for none.</param>
    /// <param name="labels">The class names, by class number.</param>
    /// <param name="progress">Is told of every batch and epoch, on the calling thread.</param>
    /// <param name="cancellation">Ends the training between two batches; what was learnt is kept.</param>
    /// <exception cref="ArgumentException">Settings, network and labels do not fit; the message names what was given and expected.</exception>
    /// <exception cref="InvalidDataException">The data cannot be trained on, or a checkpoint is damaged or of another training.</exception>
    /// <exception cref="IOException">A checkpoint cannot be read or written.</exception>
    /// <exception cref="TrainingDivergedException">The loss, a gradient or a weight is no longer a finite number.</exception>
    public TrainingResult Fit(
        ITrainableNetwork network,
        ISampleSource training,
        ISampleSource? validation,
        IReadOnlyList<string> labels,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var run = new TrainingRun(new TrainingTask(settings, network, training, validation, labels), progress, time ?? TimeProvider.System);
        var batches = BatchReader.ForTraining(training, network, settings);
        var loss = new BatchLoss(settings.Loss, network);
        while (run.GoesOn)
        {
            batches.BeginEpoch(run.Epoch);
            while (run.HasBatch(cancellation))
            {
                var batch = batches.Read(run.NextBatch);
                network.Forward(batch.Count, training: true, run.Noise);
                var batchLoss = loss.Compute(batch, run.ClassWeights);
                run.RequireFinite(batchLoss);
                network.Backward(batch.Count);
                run.UpdateWeights();
                run.EndBatch(batch, batchLoss, loss.Predicted);
            }

            if (run.GoesOn && run.Validate(cancellation)) run.EndEpoch();
        }

        return run.End();
    }
}
