using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Transforms;

/// <summary>Trains a neural network on a feature column and a key label, as one of ML.NET's trainers.</summary>
/// <remarks>
/// Fitting copies the rows into memory once, 4 bytes a number; only the samples of a batch are ever held a second time. Columns that are
/// added, their annotations and what is said of columns that do not fit are those of ML.NET's own multiclass trainers.
/// </remarks>
public sealed class NeuralNetworkTrainer : ITrainerEstimator<NeuralNetworkTransformer, Network>
{
    private readonly NeuralNetworkOptions options;
    private readonly LbfgsMaximumEntropyMulticlassTrainer pattern;

    internal NeuralNetworkTrainer(NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        if (options.ValidationShare is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.ValidationShare, $"{nameof(options.ValidationShare)} must be from 0 to below 1.");
        options.Training.Check();
        this.options = options;
        pattern = ClassColumns.Trainer(options.FeatureColumnName, options.LabelColumnName, options.ExampleWeightColumnName);
    }

    /// <inheritdoc/>
    public TrainerInfo Info => pattern.Info;

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Columns.FindFloats(inputSchema, options.FeatureColumnName);
        return pattern.GetOutputSchema(inputSchema);
    }

    /// <summary>Copies the rows and trains.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The features do not fill the image, or the architecture does not fit them.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or a feature or weight that is no finite number; a class has no rows.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer a finite number.</exception>
    public NeuralNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (features, type) = Columns.FindFloats(input.Schema, options.FeatureColumnName);
        var label = Columns.Find(input.Schema, options.LabelColumnName);
        if (label.Type is not KeyDataViewType { Count: > 0 and <= int.MaxValue } key)
            throw Columns.Mismatch(
                label.Name, "a key with a count (mlContext.Transforms.Conversion.MapValueToKey makes one)", label.Type.ToString()!);

        var image = ImageOf(features.Name, type);
        var reader = new NetworkRows(options, image);
        ISampleSource training = reader.Read(input);
        var validation = options.Validation is null ? null : reader.Read(options.Validation);
        ISampleSource? held = validation;
        if (validation is null && options.ValidationShare > 0)
            (training, held) = SampleSplit.Stratified(training, options.ValidationShare, options.Training.Seed);

        var normalization = options.Normalization ?? ChannelStatistics.Of(training, options.Cancellation).Standardizing();
        var network = Begin(image, (int)key.Count);
        using var team = new ThreadTeam(options.Threads == 0 ? Environment.ProcessorCount : options.Threads);
        using var runner = new NetworkRunner(network, options.Training.BatchSize, team);
        var result = new NetworkTrainer(options.Training with { Normalization = normalization })
            .Fit(runner, training, held, ClassNames.OfKey(label, (int)key.Count), options.Progress, options.Cancellation);
        return new NeuralNetworkTransformer(network, normalization, options.Layout, result.History, input.Schema, features.Name, label);
    }

    private ImageShape ImageOf(string name, VectorDataViewType type)
    {
        var image = options.Image ?? (type.Dimensions, options.Layout) switch
        {
            ([var channels, var height, var width], TensorLayout.ChannelsFirst) => new ImageShape(height, width, channels),
            ([var height, var width, var channels], _) => new ImageShape(height, width, channels),
            _ => ImageShape.Vector(type.Size),
        };
        return image.Size == type.Size
            ? image
            : throw new ArgumentException($"Column '{name}' has {type.Size} numbers ({type}); an image of {image} has {image.Size}.");
    }

    private Network Begin(ImageShape image, int classes)
    {
        if (options.Initial is not { } initial)
        {
            var definition = options.Definition ?? (image is { Height: 1, Width: 1 } ? ReadyMadeNetworks.Mlp : ReadyMadeNetworks.CompactCnn);
            return Network.Create(NetworkShape.Of(definition, image, classes), unchecked((int)options.Training.Seed));
        }

        if (initial.Shape.Input != image || initial.Shape.Classes != classes)
        {
            throw new ArgumentException(
                $"The network to go on from takes {initial.Shape.Input} and tells {initial.Shape.Classes} classes apart; the "
                + $"data have {image} and {classes}.");
        }

        return initial.Copy();
    }
}
