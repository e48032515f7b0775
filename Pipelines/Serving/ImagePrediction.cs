using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>What a model says about one image.</summary>
/// <param name="Id">What the image is called: its path, or its number in the batch.</param>
/// <param name="Predictions">The most probable classes, best first, with calibrated probabilities; empty where <paramref name="Error"/>
/// says why there are none.</param>
/// <param name="Model">The model's name.</param>
/// <param name="ModelHash">The bundle's <see cref="ModelBundle.Hash"/>: which model it was, to the last bit.</param>
/// <param name="Error">Why the image could not be read; null where it could.</param>
public sealed record ImagePrediction(string Id, IReadOnlyList<Prediction> Predictions, string Model, string ModelHash, string? Error = null)
{
    /// <summary>The most probable class.</summary>
    /// <exception cref="InvalidOperationException">The image could not be read.</exception>
    public Prediction Best => Error is null ? Predictions[0] : throw new InvalidOperationException($"'{Id}' has no prediction: {Error}");
}
