using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>What <see cref="ImageClassificationPipeline.Train"/> makes: which classifier, of which images, and what it is called.</summary>
public sealed record TrainingSettings
{
    /// <summary>What the model is to be called.</summary>
    public string Name { get; init; } = "model";

    /// <summary>When the model is made, as the caller says; the same data, settings and time give the same bundle.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What learns; by default a maximum-entropy model of the pixels.</summary>
    public ClassifierTraining Training { get; init; } = new MaximumEntropyTraining();

    /// <summary>How images become the model's input; null leaves it to <see cref="Training"/>, which looks at the images.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The share of the training images, class by class, that no weight is fitted to: networks are judged by them after every epoch,
    /// and the temperature is fitted to them in the end. 0 leaves the temperature at 1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Decides which images are held out, and all else that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The <see cref="ModelBundle.Hash"/> of the model that this one is to replace; null where there is none.</summary>
    public string? Parent { get; init; }

    /// <summary>Is told of every batch and epoch of a network; stages before and after have the progress of
    /// <see cref="ImageClassificationPipeline.Train"/>.</summary>
    public IProgress<TrainingProgress>? Epochs { get; init; }

    /// <summary>Is told which network is trained, before the first batch.</summary>
    public Action<NetworkShape>? Starting { get; init; }

    /// <summary>Is told what should be known of the cache, one sentence each: a damaged file that was made anew, a folder that cannot be written.
    /// Mostly nothing.</summary>
    public Action<string>? Noting { get; init; }

    internal TrainingSettings Validate()
    {
        if (!(ValidationShare is >= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(ValidationShare), ValidationShare, "The held-out share must lie between 0 and 0.5.");
        Preprocessing?.Validate();
        Training.Validate();
        return this;
    }
}
