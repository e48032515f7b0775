using MLPipelines.Learning;
using MLPipelines.Native;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Trains a new head on what a <see cref="Backbone"/> sees in images; for photos of which there are few.</summary>
/// <remarks>
/// The backbone runs once over every image; its embeddings are kept in memory (4 bytes a number), standardised, and the head learns from them.
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

    /// <summary>What learns; its input is a vector.</summary>
    public NetworkDefinition Head { get; init; } = Linear;

    /// <summary>Epochs, optimiser, loss, early stopping, …; its normalisation and seed are not read but measured and taken from
    /// <see cref="TrainingSettings.Seed"/>.</summary>
    public NetworkTrainingSettings Settings { get; init; } = DefaultSettings;

    /// <summary>How many threads train the head; 0 for as many as there are cores.</summary>
    public int Threads { get; init; }

    internal override ModelBundle? Start => Backbone.Bundle;

    internal override ImagePreprocessing PreprocessingFor(ImageDataset images) => Backbone.Preprocessing;

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        Settings.Check();
        if (!Settings.Augmentation.IsNone)
            throw new ArgumentException("A head is trained on embeddings, which are computed once: images cannot be changed at random. Leave out the augmentation.");
    }

    internal override TrainedClassifier Train(TrainingTask task)
    {
        var preprocessing = task.Preprocessing ?? Backbone.Preprocessing;
        var backbone = OnnxBackbone.Of(OnnxModelFile.Read(Backbone.Model.Span, Backbone.Name), Backbone.Name, preprocessing.Dimensions, Embedding);
        var reference = new ReferenceCollector(preprocessing, task.Images.Labels.Count);
        using var embedding = OnnxClassifier.Open(backbone.ToBytes(), preprocessing.Dimensions, backbone.Input, backbone.Embedding);
        var training = Embed(task.Fitted, embedding, preprocessing, task, reference);
        var validation = task.Held is null ? null : Embed(task.Held, embedding, preprocessing, task, null);

        var normalization = ChannelStatistics.Of(training, task.Cancellation).Standardizing();
        var settings = Settings with { Seed = (ulong)task.Seed, Normalization = normalization };
        var head = Begin(NetworkShape.Of(Head, training.Shape, task.Images.Labels.Count), task.Seed);
        var history = NetworkFitting.Fit(head, settings, Threads, training, validation, task);

        var graph = backbone.Graph();
        var output = graph.Names.Contains(NetworkOnnx.Output) ? "head." + NetworkOnnx.Output : NetworkOnnx.Output;
        NetworkOnnx.Append(graph, backbone.Embedding, head, output, normalization);
        var described = NetworkFitting.Described(head.Shape, settings);
        described.Remove("normalization"); // two numbers for each feature; they are in the model
        described["backbone"] = Backbone.Name;
        described["backboneSha256"] = Backbone.Bundle?.Hash ?? ModelBundle.Sha256(Backbone.Model.Span);
        described["embedding"] = $"{backbone.Tensor} ({backbone.Length})";
        return new TrainedClassifier(
            graph.Output(output, TensorElementType.Float, backbone.Batch, head.Shape.Classes).ToBytes(),
            new ModelSignature(backbone.Input, output, SoftmaxInput.Logits),
            preprocessing,
            reference,
            described,
            history);
    }

    // What a linear model begins with stays in it where photos are fewer than numbers in the embedding; from 0 it learns only what it is shown.
    private static Network Begin(NetworkShape shape, int seed)
    {
        var head = Network.Create(shape, seed);
        if (shape.Layers is [{ Definition: Dense }]) Array.Clear(head.Weights);
        return head;
    }

    private static FeatureRows Embed(ImageDataset images, OnnxClassifier embedding, ImagePreprocessing preprocessing, TrainingTask task, ReferenceCollector? reference)
    {
        var (features, labels) = (new List<float>(images.Items.Count * embedding.Classes), new List<int>(images.Items.Count));
        var loader = new ImageTensorLoader(preprocessing);
        foreach (var batch in ImageBatches.Load(images, loader, "Embed", task.Progress, task.Cancellation))
        {
            var vectors = new float[batch.Items.Count * embedding.Classes];
            embedding.Score(batch.Tensors, vectors);
            features.AddRange(vectors);
            for (var i = 0; i < batch.Items.Count; i++)
            {
                var label = images.LabelNumber(batch.Items[i]);
                labels.Add(label);
                reference?.AddImage(batch.Tensors.Slice(i * loader.Length, loader.Length).Span, label);
            }
        }

        return new FeatureRows(ImageShape.Vector(embedding.Classes), [.. features], [.. labels]);
    }
}
