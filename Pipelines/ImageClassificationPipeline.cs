using System.Globalization;
using Microsoft.ML;
using MLPipelines.Evaluation;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>The whole way of an image through a model, and of a data set to a model: an estimator chain, training, scoring, calibration.</summary>
/// <remarks>Nothing is written to the console; long tasks report to an <see cref="IProgress{T}"/> and stop at a
/// <see cref="CancellationToken"/>.</remarks>
public static class ImageClassificationPipeline
{
    /// <summary>The columns of <see cref="Estimator"/>.</summary>
    public static class Columns
    {
        /// <summary>In: the encoded image, a vector of bytes.</summary>
        public const string Image = "Image";

        /// <summary>The model's input.</summary>
        public const string Tensor = "Tensor";

        /// <summary>The model's output.</summary>
        public const string Scores = "Scores";

        /// <summary>Out: the calibrated probabilities, one per class.</summary>
        public const string Probabilities = "Probabilities";

        /// <summary>Out: the most probable classes; read them with <see cref="TopNCatalog.ReadTopN"/>.</summary>
        public const string Top = "Top";
    }

    /// <summary>A bundle as ML.NET estimators: load the image → ONNX model → softmax with the bundle's temperature → the most probable
    /// classes.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="bundle">The model.</param>
    /// <param name="topN">How many classes.</param>
    /// <param name="onError">What happens to a row whose image cannot be loaded.</param>
    /// <returns>A chain over the column <see cref="Columns.Image"/>; <c>Fit</c> it on any data with that column (nothing is learnt).</returns>
    public static IEstimator<ITransformer> Estimator(
        MLContext ml, ModelBundle bundle, int topN = Predictor.DefaultTopN, ImageErrorPolicy onError = ImageErrorPolicy.Fail)
    {
        var model = bundle.Manifest.Model;
        var scoring = new OnnxScoringOptions { InputName = model.Input, OutputName = model.Output, Labels = bundle.Labels };
        return ml.Transforms.LoadImageTensors(Columns.Tensor, Columns.Image, bundle.Manifest.Preprocessing, onError)
            .Append(ml.Transforms.ScoreOnnx(Columns.Scores, Columns.Tensor, bundle.Classifier, scoring))
            .Append(ml.Transforms.TemperatureSoftmax(Columns.Probabilities, Columns.Scores, bundle.Temperature, model.OutputKind))
            .Append(ml.Transforms.TopN(Columns.Top, Columns.Probabilities, topN, bundle.Labels));
    }

    /// <summary>Trains a classifier on the training part of a data set, calibrates it on images held out from it, and measures what its
    /// data look like.</summary>
    /// <param name="dataset">The data; of several parts only <c>train</c> is used.</param>
    /// <param name="settings">What learns, and how.</param>
    /// <param name="progress">Told about every stage: loading or decoding, <c>Train</c> or <c>Embed</c>, <c>Calibrate</c>.</param>
    /// <param name="cancellation">Stops between batches, and after ML.NET's trainer where that runs.</param>
    /// <returns>A bundle with the classifier, its temperature, the history of its training, and reference statistics.</returns>
    /// <exception cref="InvalidDataException">There are fewer than two classes, a class has no training image, an item has no label, or one
    /// is bad and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; where checkpoints are kept, the training can be gone on with.</exception>
    public static ModelBundle Train(
        ImageDataset dataset, TrainingSettings settings, IProgress<PipelineProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        // In the order of the ids, so that the sums of training, and with them the weights, do not depend on the order of the items.
        var images = dataset.ForTraining();
        images = images.Subset(images.Name, [.. images.Items.OrderBy(item => item.Id, StringComparer.Ordinal)]);
        CheckTrainable(images);
        var share = settings.ValidationShare;
        var parts = share > 0 ? images.Stratified(settings.Seed, 1 - share, share) : [images];
        var (fitted, held) = (parts[0], parts.Count > 1 && parts[1].Items.Count > 0 ? parts[1] : null);

        var training = settings.Training;
        var trained = training.Train(new TrainingTask(images, fitted, held, settings, progress, cancellation));
        var bundle = ModelBundle.Create(
            new BundleManifest
            {
                Name = settings.Name,
                CreatedAt = settings.CreatedAt,
                Labels = images.Labels,
                Preprocessing = trained.Preprocessing,
                Model = trained.Signature,
                Training = new TrainingRecord(
                    training.Name, Described(settings, trained), settings.Seed, fitted.Name, fitted.ContentHash(cancellation), fitted.Summary().Used),
                Parent = settings.Parent ?? training.Start?.Hash,
            },
            trained.Model);
        if (trained.History is { } history) bundle = bundle.WithHistory(history);

        var scored = ScoredDataset.Of(bundle, held ?? fitted, "Calibrate", progress, cancellation);
        if (held is not null) bundle = bundle.With(manifest => manifest with { Calibration = scored.FitTemperature(cancellation) });
        scored.AddProbabilities(trained.Reference, bundle.Temperature);
        return bundle.WithReference(trained.Reference.Build());
    }

    /// <summary>The preprocessing that <see cref="Train"/> takes where none is given, before anything is measured: by custom the size and
    /// colours of the first image that can be read, made small where it is large.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="training">What is to learn from them; null for a maximum-entropy model.</param>
    /// <exception cref="InvalidDataException">No image can be read, or one is bad and the policy is to fail.</exception>
    public static ImagePreprocessing PreprocessingFor(ImageDataset dataset, ClassifierTraining? training = null) =>
        (training ?? new MaximumEntropyTraining()).PreprocessingFor(dataset);

    /// <summary>Scores every image of a data set; evaluate the result with <see cref="ClassificationEvaluation"/>.</summary>
    /// <param name="bundle">The model.</param>
    /// <param name="dataset">The images, all of them: choose the part first (<see cref="ImageDataset.ForEvaluation"/>). Items without a
    /// label are scored too.</param>
    /// <param name="progress">Told about the stage <c>Score</c>.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The calibrated probabilities of the images that could be read, in the order of the data set;
    /// <see cref="ImageDataset.Summary"/> then says which could not.</returns>
    /// <exception cref="InvalidDataException">An image is bad and the data set's policy is to fail.</exception>
    public static ScoredRows Score(
        ModelBundle bundle, ImageDataset dataset, IProgress<PipelineProgress>? progress = null, CancellationToken cancellation = default) =>
        ScoredDataset.Of(bundle, dataset, "Score", progress, cancellation).Rows(bundle.Temperature);

    /// <summary>Fits the temperature of a model anew.</summary>
    /// <param name="bundle">The model.</param>
    /// <param name="dataset">Labelled images that the model was neither trained on nor is to be judged by.</param>
    /// <param name="createdAt">When the new bundle is made.</param>
    /// <param name="progress">Told about the stage <c>Calibrate</c>.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>A bundle with the new <see cref="BundleManifest.Calibration"/>, which holds the numbers before and after, and the given
    /// bundle as its parent. The old evaluation is left out, as it
    /// does not hold any more.</returns>
    /// <exception cref="InvalidDataException">The images are the very ones that the model was trained on, or none has a label that the
    /// model knows.</exception>
    public static ModelBundle Calibrate(
        ModelBundle bundle,
        ImageDataset dataset,
        DateTimeOffset createdAt,
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var scored = ScoredDataset.Of(bundle, dataset, "Calibrate", progress, cancellation);
        var calibration = scored.FitTemperature(cancellation);
        if (calibration.DataHash == bundle.Manifest.Training?.DataHash)
            throw new InvalidDataException(
                $"'{dataset.Name}' is what '{bundle.Manifest.Name}' was trained on; a temperature fitted on known images makes a model too sure of "
                + "itself. Use images held out from training.");
        return bundle.WithoutPart(ModelBundle.EvaluationPart)
            .With(manifest => manifest with { Calibration = calibration, CreatedAt = createdAt, Parent = bundle.Hash });
    }

    private static SortedDictionary<string, string> Described(TrainingSettings settings, TrainedClassifier trained) =>
        new(trained.Settings.ToDictionary(), StringComparer.Ordinal) { ["validationShare"] = settings.ValidationShare.ToString(CultureInfo.InvariantCulture) };

    private static void CheckTrainable(ImageDataset training)
    {
        if (training.Items.FirstOrDefault(item => item.Label is null) is { } unlabelled)
            throw new InvalidDataException(
                $"'{training.Name}' has items without a label, the first: '{unlabelled.Id}'; training needs a label for every image.");
        var summary = training.Summary();
        if (training.Labels.Count < 2)
            throw new InvalidDataException(
                $"'{training.Name}' has only one class ('{training.Labels[0]}'); a classifier needs 2 or more. In an image folder every class is a "
                + "sub-folder.");
        for (var i = 0; i < training.Labels.Count; i++)
        {
            if (summary.CountPerLabel[i] == 0)
                throw new InvalidDataException(
                    $"The class '{training.Labels[i]}' has no images in '{training.Name}'; add some, or leave the class out of the labels.");
        }
    }
}
