using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>Histories as a training leaves them: the classes are learnt at different speeds, the last ones never well.</summary>
internal static class SampleHistories
{
    /// <summary>A history of so many epochs, of 40 samples per class in training and 20 in validation.</summary>
    public static TrainingHistory Of(IReadOnlyList<string> labels, int epochs, bool validation = true)
    {
        EpochRecord[] records = [.. Enumerable.Range(1, epochs).Select(epoch => new EpochRecord
        {
            Epoch = epoch,
            LearningRate = epoch <= 2 * epochs / 3 ? 0.01 : 0.001,
            LearningRateDropped = epochs > 2 && epoch == 2 * epochs / 3,
            Seconds = 12.1 + epoch,
            SamplesPerSecond = 5_010,
            Training = new(2.0 / epoch, Confusion(labels.Count, 40, epoch, epochs)),
            Validation = validation ? new(1.9 / epoch + 0.02 * epoch, Confusion(labels.Count, 20, epoch, epochs)) : null,
        })];
        var monitor = TrainingMetric.Parse(validation ? "val_f1_macro" : "f1_macro", labels);
        return new()
        {
            Network = "compact-cnn", ParameterCount = 93_322, Labels = labels, Monitor = monitor.Name, MonitorHigherIsBetter = true,
            Settings = new Dictionary<string, string> { ["optimizer"] = "Adam, 0.01", ["batch size"] = "128" },
            Epochs = records, BestEpoch = epochs == 0 ? null : records.MaxBy(monitor.Of)!.Epoch,
            Stop = StopReason.EarlyStopping, StopDetail = $"{monitor.Name} did not get better for 3 epochs",
        };
    }

    /// <summary>Class c is mistaken for the next one, the later the class and the earlier the epoch the more often; worst is the last.</summary>
    public static ConfusionCounts Confusion(int classes, int samples, int epoch, int epochs)
    {
        var counts = new ConfusionCounts(classes);
        for (var actual = 0; actual < classes; actual++)
        {
            var difficulty = (actual + 1.0) / classes;
            var wrong = classes == 1 ? 0 : (int)Math.Round(samples * difficulty * (0.2 + 0.7 * (epochs - epoch) / epochs));
            counts.Add(actual, actual, samples - wrong);
            counts.Add(actual, (actual + 1) % classes, wrong);
        }

        return counts.Clone();
    }
}
