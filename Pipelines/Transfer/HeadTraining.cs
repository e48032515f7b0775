using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Pipelines;

/// <summary>Trains a new head on what a <see cref="Backbone"/> sees in images; for photos of which there are few.</summary>
/// <remarks>
/// The backbone runs once over every image; its embeddings are kept, in a file where later trainings find them, balanced
/// (<see cref="ChannelStatistics.Balancing"/>), and the head learns from them.
/// The result is one ONNX model: the backbone up to the embedding, and the head.
/// </remarks>
public sealed record HeadTraining : ClassifierTraining
{
    /// <summary>One dense layer, which begins at 0: a linear classifier of the embedding.</summary>
    public static NetworkDefinition Linear { get; } = new() { Name = "linear", Layers = [new Dense()] };

    /// <summary>A hidden layer of 128 with dropout 0.5, and a dense one.</summary>
    public static NetworkDefinition Mlp { get; } =
        new() { Name = "mlp", Layers = [new Dense { Units = 128 }, new Relu(), new Dropout { Rate = 0.5f }, new Dense()] };

    /// <summary>Settings that suit a few hundred images and more.</summary>
    public static NetworkTrainingSettings DefaultSettings { get; } = new()
    {
        Epochs = 60,
        BatchSize = 32,
        Optimizer = new AdamW { LearningRate = 1e-3, WeightDecay = 1 },
        Schedule = new CosineSchedule(),
    };

    /// <inheritdoc/>
    public override string Name => "head";

    /// <summary>What sees.</summary>
    public required Backbone Backbone { get; init; }

    /// <summary>The backbone's inner value to learn from; null for the one that <see cref="OnnxBackbone"/> finds.</summary>
    public string? Embedding { get; init; }

    /// <summary>Whether the backbone sees each image in the mirror too, in training and in use, and the head reads the mean of both. Better for photos,
    /// at twice the work for an image; wrong where a mirror image is another thing, as with writing.</summary>
    public bool Mirrors { get; init; }

    /// <summary>What learns; its input is a vector.</summary>
    public NetworkDefinition Head { get; init; } = Linear;

    /// <summary>Epochs, optimiser, loss, early stopping, …; its normalisation and seed are not read but measured and taken from
    /// <see cref="TrainingSettings.Seed"/>.</summary>
    public NetworkTrainingSettings Settings { get; init; } = DefaultSettings;

    /// <summary>A bundle whose head is trained further, on the same embedding and with the same standardisation; null begins anew.</summary>
    public ModelBundle? From { get; private init; }

    /// <summary>Where embeddings are kept.</summary>
    public DecodedCacheSettings Cache { get; init; } = new();

    /// <summary>How many threads train the head; 0 for as many as there are cores.</summary>
    public int Threads { get; init; }

    internal override ModelBundle? Start => Backbone.Bundle;

    /// <summary>Whether a bundle's model ends in a head that <see cref="StartingFrom"/> can go on with.</summary>
    public static bool IsIn(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return HeadOnnx.IsIn(OnnxModelFile.Read(bundle.Classifier.Span, bundle.Manifest.Name));
    }

    /// <summary>The training that goes on with the head of a bundle: its weights, on its backbone, with its labels.</summary>
    /// <exception cref="InvalidDataException">The head is not what the model says of it.</exception>
    /// <exception cref="NotSupportedException">The bundle holds no head that <see cref="HeadTraining"/> made, or one of before heads were described.</exception>
    public static HeadTraining StartingFrom(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var head = HeadOf(bundle);
        return new HeadTraining { From = bundle, Backbone = Backbone.Of(bundle), Embedding = head.Input, Head = head.Network.Shape.Definition };
    }

    internal override ImagePreprocessing PreprocessingFor(ImageDataset images) => Backbone.Preprocessing;

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        Settings.Check();
        Cache.Validate();
        if (!Settings.Augmentation.IsNone)
            throw new ArgumentException("A head is trained on embeddings, which are computed once: images cannot be changed at random. Leave out the augmentation.");
        if (From is null) return;
        if (Mirrors)
            throw new ArgumentException($"'{From.Manifest.Name}' says by itself whether its backbone sees images in the mirror; leave out {nameof(Mirrors)}.");
        var head = HeadOf(From);
        if (Backbone.Bundle != From || Embedding != head.Input || Head.ToJson() != head.Network.Shape.Definition.ToJson())
        {
            throw new ArgumentException(
                $"A training that goes on with the head of '{From.Manifest.Name}' keeps its {nameof(Backbone)}, {nameof(Embedding)} and {nameof(Head)}; "
                + "for another backbone or head begin anew.");
        }
    }

    internal override TrainedClassifier Train(TrainingTask task)
    {
        From?.RequireLabelsOf(task.Images);
        var preprocessing = task.Preprocessing ?? Backbone.Preprocessing;
        var backbone = OnnxBackbone.Of(OnnxModelFile.Read(Backbone.Model.Span, Backbone.Name), Backbone.Name, preprocessing.Dimensions, Embedding);
        if (Mirrors) backbone = backbone.WithMirror(preprocessing.Layout);
        var reference = new ReferenceCollector(preprocessing, task.Images.Labels.Count);
        var embedded = EmbeddedDataset.Open(task.Images, backbone, preprocessing, Cache, task.Progress, task.Cancellation);
        task.Tell(embedded.Notes);
        var (training, validation) = (embedded.Subset(task.Fitted), task.Held is null ? null : embedded.Subset(task.Held));
        embedded.ShowTo(reference, task.Fitted);

        var head = From is null ? Begin(training, backbone, task) : HeadOf(From);
        var settings = Settings with { Seed = (ulong)task.Seed, Normalization = head.Normalization! };
        var history = NetworkFitting.Fit(head.Network, settings, Threads, training, validation, task);

        var graph = backbone.Graph();
        var output = graph.Names.Contains(NetworkOnnx.Output) ? "head." + NetworkOnnx.Output : NetworkOnnx.Output;
        head.AppendTo(graph, output);
        var described = NetworkFitting.Described(head.Network.Shape, settings);
        described.Remove("normalization"); // two numbers for each feature; they are in the model
        foreach (var (name, value) in Origin(backbone)) described[name] = value;
        return new TrainedClassifier(
            graph.Output(output, TensorElementType.Float, backbone.Batch, head.Network.Shape.Classes).ToBytes(),
            new ModelSignature(backbone.Input, output, SoftmaxInput.Logits),
            preprocessing,
            reference,
            described,
            history);
    }

    // What the embedding is of: of a head that is trained further, what its bundle says.
    private Dictionary<string, string> Origin(OnnxBackbone backbone)
    {
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["backbone"] = Backbone.Name,
            ["backboneSha256"] = Backbone.Bundle?.Hash ?? ModelBundle.Sha256(Backbone.Model.Span),
            ["embedding"] = $"{backbone.Tensor} ({backbone.Length})",
            ["views"] = Mirrors ? "mirrored" : "plain",
        };
        var earlier = From?.Manifest.Training?.Settings ?? own;
        return own.ToDictionary(pair => pair.Key, pair => earlier.GetValueOrDefault(pair.Key, pair.Value), StringComparer.Ordinal);
    }

    private static HeadOnnx HeadOf(ModelBundle bundle) =>
        HeadOnnx.Read(OnnxModelFile.Read(bundle.Classifier.Span, bundle.Manifest.Name), $"'{bundle.Manifest.Name}'");

    // What a linear model begins with stays in it where photos are fewer than numbers in the embedding; from 0 it learns only what it is shown.
    private HeadOnnx Begin(SampleSubset training, OnnxBackbone backbone, TrainingTask task)
    {
        var shape = NetworkShape.Of(Head, training.Shape, task.Images.Labels.Count);
        var head = Network.Create(shape, task.Seed);
        if (shape.Layers is [{ Definition: Dense }]) Array.Clear(head.Weights);
        return new HeadOnnx(head, backbone.Embedding, ChannelStatistics.Of(training, task.Cancellation).Balancing());
    }
}
