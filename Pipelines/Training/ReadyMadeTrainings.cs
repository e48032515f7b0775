using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>The ready-made networks with the settings that suit them; docs/training.md tells what they reach.</summary>
public static class ReadyMadeTrainings
{
    /// <summary>A compact convolutional network for small images, grey or in colour: the default.</summary>
    public static NetworkTraining Cnn { get; } = new()
    {
        Definition = ReadyMadeNetworks.CompactCnn,
        Settings = new NetworkTrainingSettings
        {
            Epochs = 12,
            BatchSize = 128,
            Optimizer = new AdamW { LearningRate = 1e-2, WeightDecay = 0.01 },
            Schedule = new OneCycleSchedule(),
        },
    };

    /// <summary>The tutorials' perceptron.</summary>
    public static NetworkTraining Mlp { get; } = new()
    {
        Definition = ReadyMadeNetworks.Mlp,
        Settings = new NetworkTrainingSettings { Epochs = 20, BatchSize = 128, Optimizer = new AdamW { LearningRate = 1e-3 }, Schedule = new OneCycleSchedule() },
    };

    /// <summary>The tutorials' convolutional network.</summary>
    public static NetworkTraining TutorialCnn { get; } = new()
    {
        Definition = ReadyMadeNetworks.TutorialCnn,
        Settings = new NetworkTrainingSettings { Epochs = 12, BatchSize = 128, Optimizer = new AdamW { LearningRate = 1e-3 }, Schedule = new OneCycleSchedule() },
    };

    /// <summary>A small residual network for photos of objects of about 32×32; mirrors and shifts them.</summary>
    public static NetworkTraining ResNet { get; } = new()
    {
        Definition = ReadyMadeNetworks.SmallResNet,
        Settings = new NetworkTrainingSettings
        {
            Epochs = 24,
            BatchSize = 128,
            Optimizer = new Sgd { LearningRate = 0.1, WeightDecay = 5e-4, Nesterov = true },
            Schedule = new OneCycleSchedule(),
            Augmentation = Augmentation.Light,
        },
    };

    /// <summary>All of them, by the names that <c>mlp train --trainer</c> takes.</summary>
    public static IReadOnlyDictionary<string, NetworkTraining> All { get; } = new SortedDictionary<string, NetworkTraining>(StringComparer.Ordinal)
    {
        [Cnn.Name] = Cnn,
        [Mlp.Name] = Mlp,
        [TutorialCnn.Name] = TutorialCnn,
        [ResNet.Name] = ResNet,
    };
}
