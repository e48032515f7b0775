using Microsoft.ML;
using MLPipelines.Onnx;

namespace MLPipelines.Transforms;

/// <summary>Batched ONNX scoring, in a pipeline.</summary>
public static class ScoreOnnxCatalog
{
    /// <summary>Scores rows with an ONNX model in a file. Weights that the model keeps in files beside it are found.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The scores, a vector of Single, one a class.</param>
    /// <param name="inputColumnName">The tensors, a vector of Single of known size; null: the same name.</param>
    /// <param name="modelFile">The model. Opened when the estimator is fitted, and read again when the
    /// transformer is saved; it must not change.</param>
    /// <param name="options">Inputs and outputs, class names, batch and threads.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ScoreOnnxEstimator ScoreOnnx(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelFile, OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, inputColumnName, OnnxModelSource.File(modelFile), options);
    }

    /// <summary>Scores rows with an ONNX model in memory.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The scores, a vector of Single, one a class.</param>
    /// <param name="inputColumnName">The tensors, a vector of Single of known size; null: the same name.</param>
    /// <param name="model">The bytes of an ONNX file; not copied, they must not change.</param>
    /// <param name="options">Inputs and outputs, class names, batch and threads.</param>
    public static ScoreOnnxEstimator ScoreOnnx(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ReadOnlyMemory<byte> model,
        OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, inputColumnName, OnnxModelSource.Bytes(model), options);
    }
}
