using MLPipelines.Images;
using MLPipelines.Onnx;

namespace MLPipelines.Pipelines;

/// <summary>A trained model whose inner values describe images: what <see cref="HeadTraining"/> puts a new head on.</summary>
/// <param name="Name">What errors and manifests call it.</param>
/// <param name="Model">The ONNX file.</param>
/// <param name="Preprocessing">How images become its input.</param>
/// <param name="Bundle">The bundle that it is from; null for a plain ONNX file.</param>
public sealed record Backbone(string Name, ReadOnlyMemory<byte> Model, ImagePreprocessing Preprocessing, ModelBundle? Bundle = null)
{
    /// <summary>The classifier of a bundle, with its preprocessing.</summary>
    public static Backbone Of(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new Backbone(bundle.Manifest.Name, bundle.Classifier, bundle.Manifest.Preprocessing, bundle);
    }

    /// <summary>Reads a bundle or an ONNX file.</summary>
    /// <param name="path">What ends in <see cref="ModelBundle.Extension"/> is a bundle.</param>
    /// <param name="preset">Of an ONNX file: how pixels become numbers, by the name of one of the <see cref="PreprocessingPresets"/>; size and
    /// layout are the model's own.</param>
    /// <param name="preprocessing">The same in full, for what no preset describes.</param>
    /// <exception cref="ArgumentException">An ONNX file is given without saying how pixels become numbers, or a bundle, which knows, with.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no bundle or no ONNX model, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The model takes no images.</exception>
    public static Backbone Read(string path, string? preset = null, ImagePreprocessing? preprocessing = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.EndsWith(ModelBundle.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return preset is null && preprocessing is null
                ? Of(ModelBundle.Open(path))
                : throw new ArgumentException($"The bundle '{path}' knows how its pixels become numbers; leave out the preset.", nameof(preset));
        }

        if (!File.Exists(path)) throw new FileNotFoundException($"The backbone '{path}' does not exist.", path);
        var bytes = File.ReadAllBytes(path);
        var description = OnnxClassifierDescription.Of(OnnxModelFile.Read(bytes, path), path);
        return new Backbone(Path.GetFileName(path), bytes, OnnxImport.Preprocessing(description, preset, preprocessing, path));
    }
}
