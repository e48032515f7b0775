using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLPipelines.Learning;
using MLPipelines.Tests.Learning;

namespace MLPipelines.Tests.FreshProcess;

/// <summary>A training that writes a checkpoint after every batch, so that it is mostly killed while writing one.</summary>
public static class InterruptedTraining
{
    /// <summary>Goes on with the training in the folder; a line for every batch, and at the end the hash of the weights.</summary>
    /// <remarks>After each batch it reads a character, so that whoever starts it can be ready to end it; a closed input lets it run.</remarks>
    public static void GoOn(string folder)
    {
        DrawnSamples training = new(200), validation = new(60, seed: 2);
        using var network = new PlainNetwork(training.Shape.Size, 400, 3, 10, threads: 2);
        var settings = new NetworkTrainingSettings
        {
            Epochs = 10,
            BatchSize = 10,
            Normalization = Normalization.None,
            ClassWeights = new AdaptiveClassWeights(),
            EarlyStopping = new EarlyStopping { Patience = null },
            Mixup = new Mixup(),
            Checkpoints = new CheckpointSettings { Folder = folder, Start = CheckpointStart.ResumeOrNew, EveryBatches = 1 },
        };
        new NetworkTrainer(settings).Fit(network, training, validation, DrawnSamples.Names(), new Lines());
        Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(network.Weights))));
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value is not TrainingProgress.BatchEnded batch) return;
            Console.WriteLine($"epoch {batch.Epoch} batch {batch.Batch}");
            Console.In.Read();
        }
    }
}
