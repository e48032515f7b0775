using Microsoft.ML;
using MLPipelines.Learning;

namespace MLPipelines.Transforms;

/// <summary>Neural networks among ML.NET's trainers.</summary>
public static class NeuralNetworkCatalog
{
    /// <summary>A neural network of the kind that suits the features: a compact convolutional one for images, a perceptron for vectors.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The label, a key with a count.</param>
    /// <param name="featureColumnName">The features, a vector of Single of known size.</param>
    /// <param name="definition">The architecture, where another is wanted.</param>
    /// <param name="image">What the features are the pixels of; null: an image where the column's type has three dimensions, else a vector.</param>
    /// <param name="epochs">How often all rows are learnt from.</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        NetworkDefinition? definition = null,
        ImageShape? image = null,
        int epochs = 12) => catalog.NeuralNetwork(new NeuralNetworkOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            Definition = definition,
            Image = image,
            Training = new NetworkTrainingSettings { Epochs = epochs },
        });

    /// <summary>A neural network, with all options.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">Columns, architecture, training.</param>
    /// <exception cref="ArgumentException">A setting cannot be trained with.</exception>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(options);
    }
}
