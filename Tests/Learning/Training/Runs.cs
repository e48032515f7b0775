using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

/// <summary>Small trainings, and what they came to.</summary>
internal static class Runs
{
    /// <summary>Settings that use all that is random and all that is remembered; 4 batches an epoch for 50 samples.</summary>
    public static NetworkTrainingSettings Everything { get; } = new()
    {
        Epochs = 3,
        BatchSize = 15,
        Optimizer = new AdamW { LearningRate = 0.02 },
        Schedule = new PlateauSchedule { Metric = "val_loss", Patience = 0, Drop = 0.5, WarmUpEpochs = 0.5 },
        Clipping = new GradientClipping { GlobalNorm = 0.5 },
        Loss = new CrossEntropyLoss { LabelSmoothing = 0.05 },
        ClassWeights = new AdaptiveClassWeights(),
        EarlyStopping = new EarlyStopping { Metric = "val_f1[class 1]", Patience = 10 },
        Normalization = new Normalization(0.5f, [], []),
        Mixup = new Mixup { Alpha = 0.4 },
        BatchesPerRecord = 3,
        Seed = 7,
    };

    public static Outcome Of(
        NetworkTrainingSettings settings,
        int threads = 1,
        Action<TrainingProgress>? progress = null,
        ISampleSource? training = null,
        ISampleSource? validation = null,
        TimeProvider? time = null,
        int hidden = 6,
        ulong seed = 3,
        CancellationToken cancellation = default)
    {
        training ??= new DrawnSamples(50);
        using var network = new PlainNetwork(training.Shape.Size, hidden, 3, 40, threads, seed);
        var result = new NetworkTrainer(settings, time).Fit(
            network, training, validation ?? new DrawnSamples(32, seed: 2), DrawnSamples.Names(), new Reporting(progress), cancellation);
        return new Outcome(result, network.Weights.ToArray(), network.State.ToArray());
    }

    /// <summary>All that a history holds, as text, without what the clock decides.</summary>
    public static string Numbers(TrainingHistory history) => JsonSerializer.Serialize(
        new
        {
            Epochs = history.Epochs.Select(epoch => new
            {
                epoch.Epoch,
                epoch.LearningRate,
                epoch.LearningRateDropped,
                epoch.ClassWeights,
                Training = Of(epoch.Training),
                Validation = Of(epoch.Validation!),
            }),
            Batches = history.Batches.Select(
                batch => new { batch.Part, batch.Epoch, batch.Batch, batch.LearningRate, batch.Loss, Cells = Of(batch.Confusion) }),
            history.BestEpoch,
            history.Stop,
            history.StopDetail,
            history.Monitor,
            history.Labels,
            history.Settings,
        });

    public static void AreSame(Outcome expected, Outcome actual, string message = "")
    {
        CollectionAssert.AreEqual(expected.Weights, actual.Weights, message);
        CollectionAssert.AreEqual(expected.State, actual.State, message);
        Assert.AreEqual(Numbers(expected.Result.History), Numbers(actual.Result.History), message);
    }

    private static object Of(PartRecord part) => new { part.Loss, Cells = Of(part.Confusion) };

    private static long[] Of(ConfusionCounts counts) =>
        [.. Enumerable.Range(0, counts.ClassCount * counts.ClassCount).Select(cell => counts[cell / counts.ClassCount, cell % counts.ClassCount])];

    internal sealed class Reporting(Action<TrainingProgress>? report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report?.Invoke(value);
    }
}

internal sealed record Outcome(TrainingResult Result, float[] Weights, float[] State)
{
    public TrainingHistory History => Result.History;
}
