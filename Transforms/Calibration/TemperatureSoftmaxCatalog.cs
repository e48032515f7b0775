using Microsoft.ML;

namespace MLPipelines.Transforms;

/// <summary>Softmax with a temperature, in a pipeline.</summary>
public static class TemperatureSoftmaxCatalog
{
    /// <summary>Turns scores into probabilities with a given temperature.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The probabilities, a vector as long as the scores.</param>
    /// <param name="inputColumnName">The scores, a vector of Single of known size; null: the same name.</param>
    /// <param name="temperature">Positive. Below 1 sharpens, above 1 flattens, 1 is the plain softmax.</param>
    /// <param name="input">What the scores are.</param>
    public static TemperatureSoftmaxEstimator TemperatureSoftmax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, double temperature = 1,
        SoftmaxInput input = SoftmaxInput.Logits) =>
        new(catalog, outputColumnName, inputColumnName, temperature, labelColumnName: null, input, options: null);

    /// <summary>Turns scores into probabilities with the temperature that fits the rows best: of minimum negative log likelihood.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The probabilities, a vector as long as the scores.</param>
    /// <param name="inputColumnName">The scores, a vector of Single of known size; null: the same name.</param>
    /// <param name="labelColumnName">The true class: a key, whose first value is the first score's class, or a Single that holds
    /// the index. Only fitting reads it.</param>
    /// <param name="input">What the scores are.</param>
    /// <param name="options">The range of temperatures and the threads.</param>
    public static TemperatureSoftmaxEstimator TemperatureSoftmax(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        string labelColumnName,
        SoftmaxInput input = SoftmaxInput.Logits,
        TemperatureFitOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return new(catalog, outputColumnName, inputColumnName, temperature: 1, labelColumnName, input, options);
    }
}
