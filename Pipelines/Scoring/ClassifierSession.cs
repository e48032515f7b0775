using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>A bundle's classifier, opened: tensors in, the model's own scores and calibrated probabilities out.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class ClassifierSession : IDisposable
{
    private readonly OnnxClassifier classifier;
    private readonly double temperature;
    private readonly SoftmaxInput kind;

    /// <summary>Opens the classifier.</summary>
    /// <exception cref="InvalidDataException">The model does not take the bundle's images, or gives another number of scores than there are
    /// labels.</exception>
    /// <exception cref="OnnxModelException">The model cannot be opened or run.</exception>
    public ClassifierSession(ModelBundle bundle, OnnxSessionSettings? settings = null)
    {
        (temperature, kind) = (bundle.Temperature, bundle.Manifest.Model.OutputKind);
        classifier = Open(bundle, settings);
        if (classifier.Classes == bundle.Labels.Count) return;

        classifier.Dispose();
        throw new InvalidDataException(
            $"The model's output '{classifier.OutputName}' gives {classifier.Classes} scores an image; there are {bundle.Labels.Count} labels.");
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount => classifier.Classes;

    /// <summary>The number of values of one image's tensor.</summary>
    public int ItemLength => classifier.RowLength;

    /// <summary>The model's own output for some images.</summary>
    /// <param name="tensors">Any number of images of <see cref="ItemLength"/> values.</param>
    /// <returns><see cref="ClassCount"/> values an image.</returns>
    public float[] Run(ReadOnlyMemory<float> tensors)
    {
        var scores = new float[tensors.Length / ItemLength * ClassCount];
        classifier.Score(tensors, scores);
        return scores;
    }

    /// <summary>The calibrated probabilities of one image.</summary>
    /// <param name="scores">The model's output, one per class.</param>
    /// <param name="probabilities">Receives as many probabilities.</param>
    public void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities) =>
        TemperatureScaling.Softmax(scores, temperature, probabilities, kind);

    public void Dispose() => classifier.Dispose();

    private static OnnxClassifier Open(ModelBundle bundle, OnnxSessionSettings? settings)
    {
        var manifest = bundle.Manifest;
        try
        {
            return OnnxClassifier.Open(bundle.Classifier, manifest.Preprocessing.Dimensions, manifest.Model.Input, manifest.Model.Output, settings);
        }
        catch (ArgumentException error)
        {
            // Who opens a bundle chose none of this: it is the bundle that is wrong.
            throw new InvalidDataException($"The bundle '{manifest.Name}' does not fit together: {error.Message}", error);
        }
    }
}
