using MLPipelines.Evaluation;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>A model's raw output for the images of a data set, kept so that a temperature can be fitted to it.</summary>
/// <remarks>Pixels are in memory for one batch alone; scores, labels and items of all images are: 4 bytes a class and image, 200 MB for
/// 50,000 images of 1,000 classes.</remarks>
internal sealed class ScoredDataset
{
    private readonly ModelBundle bundle;
    private readonly ImageDataset dataset;
    private readonly List<ImageItem> items = [];
    private readonly List<int> labels = [];
    private readonly List<float> scores = [];

    private ScoredDataset(ModelBundle bundle, ImageDataset dataset)
    {
        this.bundle = bundle;
        this.dataset = dataset;
    }

    private int ClassCount => bundle.Labels.Count;

    /// <summary>Runs the model on every image that can be read.</summary>
    public static ScoredDataset Of(
        ModelBundle bundle, ImageDataset dataset, string stage, IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        var result = new ScoredDataset(bundle, dataset);
        var index = new LabelIndex(bundle.Labels);
        using var session = new ClassifierSession(bundle);
        var loader = new ImageTensorLoader(bundle.Manifest.Preprocessing, dataset.Bad.Damage);
        foreach (var batch in ImageBatches.Load(dataset, loader, stage, progress, cancellation))
        {
            result.scores.AddRange(session.Run(batch.Tensors));
            result.items.AddRange(batch.Items);
            result.labels.AddRange(batch.Items.Select(item => item.Label is null ? -1 : index.Find(item.Label)));
        }
        return result;
    }

    /// <summary>The probabilities of every image that could be read, in the order of the data set.</summary>
    /// <param name="temperature">What logits are divided by.</param>
    public ScoredRows Rows(double temperature)
    {
        var rows = new ScoredRowsBuilder(bundle.Labels);
        var probabilities = new float[ClassCount];
        for (var row = 0; row < labels.Count; row++)
        {
            // A synonym becomes the model's name of the class; what the model does not know stays as it is, and is counted.
            rows.Add(labels[row] >= 0 ? bundle.Labels[labels[row]] : items[row].Label, Probabilities(row, temperature, probabilities), items[row].Id);
        }
        return rows.Build();
    }

    /// <summary>The temperature of the least mean negative log-likelihood, with the numbers before and after.</summary>
    /// <exception cref="InvalidDataException">No image has a label that the model knows.</exception>
    public CalibrationRecord FitTemperature(CancellationToken cancellation)
    {
        if (labels.All(label => label < 0))
            throw new InvalidDataException(
                $"None of the {labels.Count:N0} images of '{dataset.Name}' has a label that '{bundle.Manifest.Name}' knows; a temperature is "
                + "fitted to labelled images.");
        var fit = TemperatureScaling.Fit(scores.ToArray(), labels.ToArray(), input: bundle.Manifest.Model.OutputKind);
        return new CalibrationRecord(
            fit.Temperature,
            dataset.Name,
            dataset.ContentHash(cancellation),
            fit.RowsUsed,
            fit.LossBefore,
            fit.LossAfter,
            CalibrationError(1),
            CalibrationError(fit.Temperature));
    }

    /// <summary>Adds the probabilities at a temperature to reference statistics.</summary>
    public void AddProbabilities(ReferenceCollector reference, double temperature)
    {
        var probabilities = new float[ClassCount];
        for (var row = 0; row < labels.Count; row++) reference.AddProbabilities(Probabilities(row, temperature, probabilities));
    }

    private double CalibrationError(double temperature)
    {
        var rows = new ScoredRowsBuilder(bundle.Labels);
        var probabilities = new float[ClassCount];
        for (var row = 0; row < labels.Count; row++)
        {
            if (labels[row] >= 0) rows.Add(bundle.Labels[labels[row]], Probabilities(row, temperature, probabilities));
        }
        return ClassificationEvaluation.Of(rows.Build()).Calibration.ExpectedError;
    }

    private ReadOnlySpan<float> Probabilities(int row, double temperature, float[] probabilities)
    {
        var raw = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scores).Slice(row * ClassCount, ClassCount);
        TemperatureScaling.Softmax(raw, temperature, probabilities, bundle.Manifest.Model.OutputKind);
        return probabilities;
    }
}
