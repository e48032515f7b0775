using MLPipelines.Native;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>A bundle's classifier, opened: tensors in, logits and calibrated probabilities out.</summary>
/// <remarks>
/// Safe to use from several threads. A model whose batch dimension is fixed is run that many images at a time, the last group filled up
/// with zeros, whose scores are dropped.
/// </remarks>
internal sealed class ClassifierSession : IDisposable
{
    private readonly OnnxSession session;
    private readonly string input;
    private readonly string output;
    private readonly double temperature;
    private readonly SoftmaxInput kind;
    private readonly long[] itemDimensions;
    private readonly int? fixedBatch;

    public ClassifierSession(ModelBundle bundle, OnnxSessionSettings? settings = null)
    {
        var manifest = bundle.Manifest;
        (input, output, kind) = manifest.Model;
        temperature = bundle.Temperature;
        itemDimensions = [.. manifest.Preprocessing.Dimensions.Select(dimension => (long)dimension)];
        ClassCount = bundle.Labels.Count;
        ItemLength = manifest.Preprocessing.Length;
        session = OnnxSession.Open(bundle.Classifier.Span, settings);
        fixedBatch = session.Inputs[0].Dimensions is [var batch and > 0, ..] ? (int)batch : null;
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The number of values of one image's tensor.</summary>
    public int ItemLength { get; }

    /// <summary>The model's own output for some images.</summary>
    /// <param name="tensors"><paramref name="count"/> × <see cref="ItemLength"/> values.</param>
    /// <param name="count">The number of images.</param>
    /// <returns><paramref name="count"/> × <see cref="ClassCount"/> values.</returns>
    public ReadOnlyMemory<float> Run(ReadOnlyMemory<float> tensors, int count)
    {
        if (fixedBatch is not { } batch) return RunOnce(tensors, count);

        var scores = new float[count * ClassCount];
        for (var begin = 0; begin < count; begin += batch)
        {
            var used = Math.Min(batch, count - begin);
            var group = tensors.Slice(begin * ItemLength, used * ItemLength);
            if (used < batch)
            {
                var padded = new float[batch * ItemLength];
                group.CopyTo(padded);
                group = padded;
            }
            RunOnce(group, batch).Span[..(used * ClassCount)].CopyTo(scores.AsSpan(begin * ClassCount));
        }
        return scores;
    }

    /// <summary>The calibrated probabilities of one image.</summary>
    /// <param name="scores">The model's output, one per class.</param>
    /// <param name="probabilities">Receives as many probabilities.</param>
    public void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities) =>
        TemperatureScaling.Softmax(scores, temperature, probabilities, kind);

    public void Dispose() => session.Dispose();

    private ReadOnlyMemory<float> RunOnce(ReadOnlyMemory<float> tensors, int count)
    {
        var batch = OnnxTensor.Of(tensors, [count, .. itemDimensions]);
        var result = session.Run([KeyValuePair.Create(input, batch)], [output])[0];
        var scores = result.Memory<float>();
        return scores.Length == count * ClassCount ? scores
            : throw new InvalidDataException(
                $"The model's output '{output}' is {result} for {count} images; {ClassCount} labels need {count} × {ClassCount} values.");
    }
}
