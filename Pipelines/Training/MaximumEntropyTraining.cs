using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLPipelines.Native;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Fits a maximum-entropy model to the pixels of a data set with ML.NET and writes it as ONNX.</summary>
internal static class MaximumEntropyTraining
{
    private const int LargestColourSide = 32;
    private const int LargestGreySide = 64;

    /// <summary>Loads all images, measures them, and trains.</summary>
    /// <param name="dataset">The images to learn from; every one has a label.</param>
    /// <param name="preprocessing">How they become tensors.</param>
    /// <param name="settings">Regularisation and steps.</param>
    /// <param name="reference">Is given every image.</param>
    /// <param name="progress">Told about loading, and when training begins and ends.</param>
    /// <param name="cancellation">Stops loading; ML.NET's trainer cannot be stopped, so once it runs the answer comes after it.</param>
    public static byte[] Train(
        ImageDataset dataset,
        ImagePreprocessing preprocessing,
        TrainingSettings settings,
        ReferenceCollector reference,
        IProgress<PipelineProgress>? progress,
        CancellationToken cancellation)
    {
        var rows = new List<TrainingRow>(dataset.Items.Count);
        var loader = new ImageTensorLoader(preprocessing);
        foreach (var batch in ImageBatches.Load(dataset, loader, "Load", progress, cancellation))
        {
            for (var i = 0; i < batch.Items.Count; i++)
            {
                var features = batch.Tensors.Slice(i * loader.Length, loader.Length).ToArray();
                var label = dataset.LabelNumber(batch.Items[i]);
                reference.AddImage(features, label);
                rows.Add(new TrainingRow { Features = features, Label = (uint)label });
            }
        }

        var ml = new MLContext(settings.Seed);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = nameof(TrainingRow.Label),
            FeatureColumnName = nameof(TrainingRow.Features),
            L1Regularization = settings.L1Regularization,
            L2Regularization = settings.L2Regularization,
            MaximumNumberOfIterations = settings.MaximumIterations,
            OptimizationTolerance = settings.Tolerance,
        });
        progress?.Report(new PipelineProgress("Train", 0, settings.MaximumIterations));
        var iterations = 0;
        ml.Log += (_, entry) =>
        {
            if (entry.Message.Contains("Iteration ", StringComparison.Ordinal)) progress?.Report(new PipelineProgress("Train", Math.Min(++iterations, settings.MaximumIterations), settings.MaximumIterations));
        };
        var model = trainer.Fit(ml.Data.LoadFromEnumerable(rows, TrainingRow.Schema(loader.Length, dataset.Labels.Count))).Model;
        progress?.Report(new PipelineProgress("Train", settings.MaximumIterations, settings.MaximumIterations));
        cancellation.ThrowIfCancellationRequested();
        return LinearClassifierOnnx.Write(model, preprocessing.Dimensions);
    }

    /// <summary>The preprocessing for a data set that comes without one: the size and colours of its first image, made small enough for a
    /// linear model.</summary>
    public static ImagePreprocessing PreprocessingFor(ImageDataset dataset)
    {
        var image = FirstImage(dataset);
        var isGrey = image.Channels == 1;
        var largest = isGrey ? LargestGreySide : LargestColourSide;
        var isSmall = image.Width <= largest && image.Height <= largest;
        return new ImagePreprocessing
        {
            Width = isSmall ? image.Width : largest,
            Height = isSmall ? image.Height : largest,
            Resize = ResizeMode.Stretch,
            Colors = isGrey ? ColorOrder.Grey : ColorOrder.Rgb,
        };
    }

    private static RasterImage FirstImage(ImageDataset dataset)
    {
        foreach (var item in dataset.Items)
        {
            try
            {
                return EncodedImage.Decode(item.ReadBytes(), item.Id);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                dataset.Bad.Report(item.Id, item.Part, error.Message, error);
            }
        }
        throw new InvalidDataException($"None of the {dataset.Items.Count:N0} images of '{dataset.Name}' can be read.");
    }

    private sealed class TrainingRow
    {
        public required float[] Features { get; init; }

        public required uint Label { get; init; }

        public static SchemaDefinition Schema(int length, int classes)
        {
            var schema = SchemaDefinition.Create(typeof(TrainingRow));
            schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
            schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
            return schema;
        }
    }
}
