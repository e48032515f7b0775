using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Trains a neural network on the pixels, from the beginning or from the weights of a bundle.</summary>
/// <remarks>
/// Images are decoded once (<see cref="DecodedDataset"/>); they are normalised, and changed at random where that is asked for, batch by batch.
/// The layout of the tensors is always <see cref="TensorLayout.ChannelsFirst"/>, as the ONNX model wants them.
/// </remarks>
public sealed record NetworkTraining : ClassifierTraining
{
    private const int LargestSide = 64;

    /// <inheritdoc/>
    public override string Name => Definition.Name;

    /// <summary>The architecture; of a training that starts from a bundle, that bundle's.</summary>
    public NetworkDefinition Definition { get; init; } = ReadyMadeNetworks.CompactCnn;

    /// <summary>Epochs, optimiser, loss, early stopping, …; its normalisation and seed are not read but taken from the preprocessing and
    /// <see cref="TrainingSettings.Seed"/>.</summary>
    public NetworkTrainingSettings Settings { get; init; } = new();

    /// <summary>Whether each channel is brought to mean 0 and deviation 1 as measured on the images that are fitted, rather than by the mean and
    /// deviation of the preprocessing; null: where no preprocessing is given.</summary>
    public bool? Standardizes { get; init; }

    /// <summary>A bundle to go on from: its network, its preprocessing, its labels. Null begins anew.</summary>
    public ModelBundle? From { get; init; }

    /// <summary>Where decoded images are kept.</summary>
    public DecodedCacheSettings Cache { get; init; } = new();

    /// <summary>How many threads train; 0 for as many as there are cores. The result does not depend on it.</summary>
    public int Threads { get; init; }

    internal override ModelBundle? Start => From;

    /// <summary>The training that goes on from a bundle.</summary>
    /// <exception cref="NotSupportedException">The bundle holds no network of MLPipelines.</exception>
    public NetworkTraining StartingFrom(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return this with { From = bundle, Definition = NetworkOnnx.Read(bundle.Classifier.Span, $"'{bundle.Manifest.Name}'").Shape.Definition };
    }

    internal override ImagePreprocessing PreprocessingFor(ImageDataset images) =>
        From?.Manifest.Preprocessing ?? FirstImage.Preprocessing(images, LargestSide, LargestSide);

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        Settings.Check();
        Cache.Validate();
    }

    internal override TrainedClassifier Train(TrainingTask task)
    {
        From?.RequireLabelsOf(task.Images);
        var preprocessing = (task.Preprocessing ?? PreprocessingFor(task.Fitted)) with { Layout = TensorLayout.ChannelsFirst };
        using var images = DecodedDataset.Open(task.Images, preprocessing, Cache, task.Progress, task.Cancellation);
        task.Tell(images.Notes);
        var (training, validation) = (images.Subset(task.Fitted), task.Held is null ? null : images.Subset(task.Held));

        var statistics = ChannelStatistics.Of(training, task.Cancellation);
        if (Standardizes ?? (task.Preprocessing is null && From is null)) preprocessing = Standardized(preprocessing, statistics);
        var reference = new ReferenceCollector(preprocessing, task.Images.Labels.Count);
        reference.AddSamples(training);

        var network = Begin(images.Shape, task);
        var settings = Settings with { Seed = (ulong)task.Seed, Normalization = PixelLoader.NormalizationOf(preprocessing) };
        var history = NetworkFitting.Fit(network, settings, Threads, training, validation, task);
        return new TrainedClassifier(
            NetworkOnnx.Write(network),
            new ModelSignature(NetworkOnnx.Input, NetworkOnnx.Output, SoftmaxInput.Logits),
            preprocessing,
            reference,
            NetworkFitting.Described(network.Shape, settings),
            history);
    }

    private static ImagePreprocessing Standardized(ImagePreprocessing preprocessing, ChannelStatistics statistics)
    {
        var normalization = statistics.Standardizing(preprocessing.Scale);
        return preprocessing with { Mean = normalization.Mean, StandardDeviation = normalization.StandardDeviation };
    }

    private Network Begin(ImageShape shape, TrainingTask task)
    {
        if (From is null) return Network.Create(NetworkShape.Of(Definition, shape, task.Images.Labels.Count), task.Seed);
        var network = NetworkOnnx.Read(From.Classifier.Span, $"'{From.Manifest.Name}'");
        return network.Shape.Input == shape
            ? network
            : throw new ArgumentException($"The network of '{From.Manifest.Name}' takes images of {network.Shape.Input}, and the preprocessing makes {shape}; leave size and colours to the bundle.");
    }
}
