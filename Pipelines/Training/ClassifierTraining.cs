using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>One way to train a classifier of images, with its settings. There are three: <see cref="MaximumEntropyTraining"/>,
/// <see cref="NetworkTraining"/> and <see cref="HeadTraining"/>.</summary>
/// <remarks>Each learns from the same parts of the same images, and each gives an ONNX model.</remarks>
public abstract record ClassifierTraining
{
    private protected ClassifierTraining()
    {
    }

    /// <summary>What the manifest calls it, such as <c>maxent</c> or <c>cnn</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The bundle whose weights are the beginning; null where none are.</summary>
    internal virtual ModelBundle? Start => null;

    /// <summary>The preprocessing where none is given, before anything is measured.</summary>
    internal abstract ImagePreprocessing PreprocessingFor(ImageDataset images);

    /// <exception cref="ArgumentException">A setting cannot be trained with.</exception>
    internal abstract void Validate();

    /// <summary>Trains, and shows every image that was fitted to the task's reference.</summary>
    internal abstract TrainedClassifier Train(TrainingTask task);
}

/// <summary>What is to be trained on what.</summary>
/// <param name="Images">All images for training; labelled, in the order of their ids.</param>
/// <param name="Fitted">Those that weights are fitted to.</param>
/// <param name="Held">Those held out; null where none are.</param>
/// <param name="Settings">What the caller said of all trainings.</param>
/// <param name="Progress">Told of every stage.</param>
/// <param name="Cancellation">Stops it.</param>
internal sealed record TrainingTask(
    ImageDataset Images, ImageDataset Fitted, ImageDataset? Held, TrainingSettings Settings, IProgress<PipelineProgress>? Progress, CancellationToken Cancellation)
{
    /// <summary>As the caller gave it; null where the training is to find it.</summary>
    public ImagePreprocessing? Preprocessing => Settings.Preprocessing;

    /// <summary>Of all that is random.</summary>
    public int Seed => Settings.Seed;

    /// <summary>Hands notes on to the caller.</summary>
    public void Tell(IReadOnlyList<string> notes)
    {
        foreach (var note in notes) Settings.Noting?.Invoke(note);
    }
}

/// <summary>What a training gives.</summary>
/// <param name="Model">The ONNX model.</param>
/// <param name="Signature">Its input and output.</param>
/// <param name="Preprocessing">How images become its input, with everything that was measured.</param>
/// <param name="Reference">Has seen every image that weights were fitted to.</param>
/// <param name="Settings">For the manifest.</param>
/// <param name="History">Epoch by epoch; null where there were none.</param>
internal sealed record TrainedClassifier(
    byte[] Model,
    ModelSignature Signature,
    ImagePreprocessing Preprocessing,
    ReferenceCollector Reference,
    IReadOnlyDictionary<string, string> Settings,
    TrainingHistory? History = null);
