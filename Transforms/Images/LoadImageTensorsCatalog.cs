using Microsoft.ML;
using MLPipelines.Images;

namespace MLPipelines.Transforms;

/// <summary>Loading images, in a pipeline.</summary>
public static class LoadImageTensorsCatalog
{
    /// <summary>Loads images straight into the tensors that a model expects.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The tensor, a vector of Single.</param>
    /// <param name="inputColumnName">Paths (text) or image files (a vector of Byte); null: the same name.</param>
    /// <param name="preprocessing">Size, colours and numbers that the model expects; see <see cref="PreprocessingPresets"/>.</param>
    /// <param name="onError">What happens to a row whose image cannot be loaded.</param>
    /// <param name="options">Where images come from and who is told of those that cannot be loaded.</param>
    /// <exception cref="ArgumentException">The preprocessing does not fit together.</exception>
    public static LoadImageTensorsEstimator LoadImageTensors(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        ImagePreprocessing preprocessing,
        ImageErrorPolicy onError = ImageErrorPolicy.Fail,
        ImageLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, inputColumnName, preprocessing, onError, options);
    }
}
