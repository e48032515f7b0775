namespace MLPipelines.Learning;

/// <summary>Lets a network tell the validation samples apart, as in use: all of them, in their order.</summary>
internal sealed class Validator(TrainingTask task, ISampleSource samples)
{
    private readonly BatchReader batches = BatchReader.ForValidation(samples, task.Network, task.Settings);
    private readonly BatchLoss loss = new(task.Settings.Loss, task.Network);

    /// <summary>How many batches there are.</summary>
    public int BatchCount => batches.BatchCount;

    /// <summary>The classes that the last batch was taken for.</summary>
    public int[] Predicted => loss.Predicted;

    /// <summary>Judges one batch.</summary>
    /// <param name="index">From 0 to <see cref="BatchCount"/> − 1.</param>
    public (Batch Batch, LossSum Loss) Judge(int index)
    {
        var batch = batches.Read(index);
        task.Network.Forward(batch.Count, training: false);
        return (batch, loss.Compute(batch, []));
    }
}
