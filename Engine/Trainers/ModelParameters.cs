using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>What a trainer has learned. For this assembly's own models.</summary>
/// <typeparam name="TOutput">What the model says of a row.</typeparam>
public abstract class ModelParametersBase<TOutput>
{
    private protected ModelParametersBase()
    {
    }
}

/// <summary>One linear function of the features for each class. For this assembly's own models.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>, IMulticlassScorer
{
    private readonly float[][] _weights;
    private readonly float[] _biases;

    private protected LinearMulticlassModelParametersBase(float[][] weights, float[] biases) => (_weights, _biases) = (weights, biases);

    int IMulticlassScorer.ClassCount => _weights.Length;

    int IMulticlassScorer.FeatureCount => _weights[0].Length;

    /// <summary>The constant term of each class.</summary>
    public IEnumerable<float> GetBiases() => [.. _biases];

    /// <summary>The weight of each feature, for each class.</summary>
    /// <param name="weights">Filled with one vector for each class; made anew where it is null or too short.</param>
    /// <param name="numClasses">The number of classes.</param>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = _weights.Length;
        if (weights is null || weights.Length < numClasses)
            weights = new VBuffer<float>[numClasses];
        for (var k = 0; k < numClasses; k++)
            new VBuffer<float>(_weights[k].Length, _weights[k]).CopyTo(ref weights[k]);
    }

    void IMulticlassScorer.Score(ReadOnlySpan<float> features, Span<float> scores)
    {
        for (var k = 0; k < _weights.Length; k++)
            scores[k] = TensorPrimitives.Dot(features, _weights[k]) + _biases[k];
        Calibrate(scores);
    }

    byte[] IMulticlassScorer.ToBytes() =>
        [.. _weights.SelectMany(row => MemoryMarshal.AsBytes(row.AsSpan()).ToArray()), .. MemoryMarshal.AsBytes(_biases.AsSpan())];

    /// <summary>Turns the linear functions' values into scores, in place.</summary>
    private protected abstract void Calibrate(Span<float> scores);
}

/// <summary>Maximum entropy, also called multinomial logistic regression: P(k | x) = softmax(W x + b)ₖ.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase
{
    internal MaximumEntropyModelParameters(float[][] weights, float[] biases) : base(weights, biases)
    {
    }

    /// <param name="parameters">K × D weights, class after class, then K biases.</param>
    /// <param name="classes">K.</param>
    internal static MaximumEntropyModelParameters Of(ReadOnlySpan<double> parameters, int classes)
    {
        var features = parameters.Length / classes - 1;
        var weights = new float[classes][];
        for (var k = 0; k < classes; k++)
            weights[k] = ToSingle(parameters.Slice(k * features, features));
        return new(weights, ToSingle(parameters[(classes * features)..]));
    }

    /// <summary>What <see cref="IMulticlassScorer.ToBytes"/> wrote.</summary>
    /// <returns>Null when the bytes are not that many finite numbers.</returns>
    internal static MaximumEntropyModelParameters Parse(byte[] bytes, int classes, int features)
    {
        if (classes < 2 || features < 1 || bytes.Length != 4L * classes * (features + 1L))
            return null;
        var numbers = MemoryMarshal.Cast<byte, float>(bytes);
        if (!TensorPrimitives.IsFiniteAll(numbers))
            return null;
        var weights = new float[classes][];
        for (var k = 0; k < classes; k++)
            weights[k] = numbers.Slice(k * features, features).ToArray();
        return new(weights, numbers[(classes * features)..].ToArray());
    }

    // Less the highest first: e^x must not overflow. A NaN makes every score NaN.
    private protected override void Calibrate(Span<float> scores)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.Exp(scores, scores);
        TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
    }

    private static float[] ToSingle(ReadOnlySpan<double> values)
    {
        var single = new float[values.Length];
        TensorPrimitives.ConvertTruncating(values, single.AsSpan());
        return single;
    }
}
