using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>Fits a maximum-entropy model (multinomial logistic regression) to the pixels with ML.NET, by L-BFGS, and writes it as ONNX.</summary>
public sealed record MaximumEntropyTraining : ClassifierTraining
{
    private const int LargestColourSide = 32;
    private const int LargestGreySide = 64;

    /// <inheritdoc/>
    public override string Name => "maxent";

    /// <summary>The weight of the sum of the weights' absolute values; above 0 it makes weights exactly 0.</summary>
    public float L1Regularization { get; init; }

    /// <summary>The weight of the sum of the weights' squares; larger values give smoother models.</summary>
    public float L2Regularization { get; init; } = 1;

    /// <summary>The most steps of L-BFGS.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>Steps end when the relative improvement falls below this.</summary>
    public float Tolerance { get; init; } = 1e-5f;

    internal override ImagePreprocessing PreprocessingFor(ImageDataset images) => FirstImage.Preprocessing(images, LargestGreySide, LargestColourSide);

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(L1Regularization);
        ArgumentOutOfRangeException.ThrowIfNegative(L2Regularization);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        if (!(Tolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance must be above 0.");
    }

    /// <summary>Loads all images and trains, on one thread: the result is then the same on every machine, and the data say how far the trainer is.</summary>
    internal override TrainedClassifier Train(TrainingTask task)
    {
        var (dataset, preprocessing) = (task.Fitted, task.Preprocessing ?? PreprocessingFor(task.Fitted));
        var reference = new ReferenceCollector(preprocessing, dataset.Labels.Count);
        var rows = new List<(float[] Tensor, int Label)>(dataset.Items.Count);
        var loader = new ImageTensorLoader(preprocessing, dataset.Bad.Damage);
        foreach (var batch in ImageBatches.Load(dataset, loader, "Load", task.Progress, task.Cancellation))
        {
            for (var i = 0; i < batch.Items.Count; i++)
            {
                var features = batch.Tensors.Slice(i * loader.Length, loader.Length).ToArray();
                var label = dataset.LabelNumber(batch.Items[i]);
                reference.AddImage(features, label);
                rows.Add((features, label));
            }
        }

        var ml = new MLContext(task.Seed);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = TensorRows.Label,
            FeatureColumnName = TensorRows.Features,
            L1Regularization = L1Regularization,
            L2Regularization = L2Regularization,
            MaximumNumberOfIterations = MaximumIterations,
            OptimizationTolerance = Tolerance,
            NumberOfThreads = 1,
        });
        // A step of L-BFGS reads the data once, seldom more often: as good as a count of steps.
        var data = new TensorRows(
            rows, loader.Length, dataset.Labels.Count,
            pass => task.Progress?.Report(new PipelineProgress("Train", Math.Min(pass - 1, MaximumIterations), MaximumIterations)), task.Cancellation);
        var model = trainer.Fit(data).Model;
        task.Progress?.Report(new PipelineProgress("Train", MaximumIterations, MaximumIterations));
        return new TrainedClassifier(
            LinearClassifierOnnx.Write(model, preprocessing.Dimensions),
            new ModelSignature(LinearClassifierOnnx.Input, LinearClassifierOnnx.Output, SoftmaxInput.Logits),
            preprocessing,
            reference,
            Described());
    }

    private SortedDictionary<string, string> Described() => new(StringComparer.Ordinal)
    {
        ["l1Regularization"] = L1Regularization.ToString(CultureInfo.InvariantCulture),
        ["l2Regularization"] = L2Regularization.ToString(CultureInfo.InvariantCulture),
        ["maximumIterations"] = MaximumIterations.ToString(CultureInfo.InvariantCulture),
        ["tolerance"] = Tolerance.ToString(CultureInfo.InvariantCulture),
    };
}
