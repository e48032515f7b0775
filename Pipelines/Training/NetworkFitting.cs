using System.Globalization;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>Fits a network to samples on some threads, and says with which settings.</summary>
internal static class NetworkFitting
{
    /// <summary>Trains the network in place.</summary>
    /// <exception cref="OperationCanceledException">The caller ended it; what was learnt is in the checkpoint, where one is kept.</exception>
    public static TrainingHistory Fit(
        Network network, NetworkTrainingSettings settings, int threads, ISampleSource training, ISampleSource? validation, TrainingTask task)
    {
        task.Settings.Starting?.Invoke(network.Shape);
        using var team = new ThreadTeam(threads);
        using var runner = new NetworkRunner(network, settings.BatchSize, team);
        var result = new NetworkTrainer(settings).Fit(
            runner, training, validation, task.Images.Labels, new StageProgress(task.Settings.Epochs, task.Progress), task.Cancellation);
        return result.Stop == StopReason.Cancelled ? throw new OperationCanceledException(result.History.StopDetail, task.Cancellation) : result.History;
    }

    /// <summary>What the manifest tells of the training.</summary>
    public static SortedDictionary<string, string> Described(NetworkShape shape, NetworkTrainingSettings settings) =>
        new(settings.ByName().ToDictionary(), StringComparer.Ordinal)
        {
            ["network"] = shape.Definition.Name,
            ["parameters"] = (shape.WeightCount + shape.StateCount).ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>Hands batches and epochs on, to whoever does not listen to them as a stage.</summary>
    private sealed class StageProgress(IProgress<TrainingProgress>? epochs, IProgress<PipelineProgress>? stages) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (epochs is not null) epochs.Report(value);
            else if (value is TrainingProgress.BatchEnded batch)
                stages?.Report(new PipelineProgress("Train", (batch.Epoch - 1L) * batch.Batches + batch.Batch, (long)batch.Epochs * batch.Batches));
        }
    }
}
