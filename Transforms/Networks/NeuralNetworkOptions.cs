using Microsoft.ML;
using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Transforms;

/// <summary>
/// What <see cref="NeuralNetworkCatalog.NeuralNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NeuralNetworkOptions)"/>
/// trains, on which columns, and how.
/// </summary>
public sealed record NeuralNetworkOptions
{
    /// <summary>The label, a key with a count.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The features, a vector of Single of known size: pixels, embeddings, measurements.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>How much each row counts, a Single; null: each counts 1.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The architecture; null: <see cref="ReadyMadeNetworks.CompactCnn"/> for images and
    /// <see cref="ReadyMadeNetworks.Mlp"/> for vectors.</summary>
    public NetworkDefinition? Definition { get; init; }

    /// <summary>What the features are the pixels of; null: an image where the column's type has three dimensions, else a vector.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>The order of the pixels of an image: planes, as <c>ExtractPixels</c> and <c>LoadImageTensors</c> give them
    /// by default, or channels last.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.ChannelsFirst;

    /// <summary>
    /// What is done to the features before the network sees them, in training and in use; null brings each channel of images, and each feature
    /// of vectors, to mean 0 and deviation 1, as measured on the rows that are trained on.
    /// </summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Epochs, optimiser, loss, early stopping, …; its <see cref="NetworkTrainingSettings.Normalization"/> is not read.</summary>
    public NetworkTrainingSettings Training { get; init; } = new();

    /// <summary>Rows to judge by after every epoch, of the same columns; null: <see cref="ValidationShare"/> decides.</summary>
    public IDataView? Validation { get; init; }

    /// <summary>The share of the rows, class by class, that is held back to judge by, from 0 to below 1; 0 holds none back.</summary>
    public double ValidationShare { get; init; }

    /// <summary>A network to go on from, of the same architecture, input and number of classes; null begins anew.</summary>
    public Network? Initial { get; init; }

    /// <summary>How many threads train; 0 for as many as there are cores. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Is told of every batch and epoch.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the training between two batches; what was learnt until then is the model.</summary>
    public CancellationToken Cancellation { get; init; }
}
