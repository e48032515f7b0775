using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;

namespace MLPipelines.Transforms;

/// <summary>Loads images straight into the tensors that a model expects: one step instead of load, resize and
/// extract pixels. Learns nothing.</summary>
/// <remarks>
/// The input is a text column of paths or a vector of Byte, the bytes of image files. The output is a vector of Single of the dimensions
/// of <see cref="ImagePreprocessing.Dimensions"/>. Images are decoded some rows ahead, on all cores.
/// </remarks>
public sealed class LoadImageTensorsEstimator : IEstimator<LoadImageTensorsTransformer>
{
    private readonly string outputColumnName, inputColumnName;
    private readonly ImageTensorLoader loader;
    private readonly ImageErrorPolicy onError;
    private readonly ImageLoadingOptions options;

    internal LoadImageTensorsEstimator(
        string outputColumnName, string? inputColumnName, ImagePreprocessing preprocessing, ImageErrorPolicy onError, ImageLoadingOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        if (!Enum.IsDefined(onError))
            throw new ArgumentOutOfRangeException(nameof(onError), onError, "There is no such policy.");
        (this.outputColumnName, this.inputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
        (loader, this.onError, this.options) = (new(preprocessing), onError, options ?? new());
    }

    /// <summary>Checks the columns; reads no rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public LoadImageTensorsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new LoadImageTensorsTransformer(outputColumnName, inputColumnName, loader, onError, options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var images = Columns.Find(inputSchema, inputColumnName);
        var isPath = images.Kind == SchemaShape.Column.VectorKind.Scalar && images.ItemType is TextDataViewType;
        var isFile = images.Kind != SchemaShape.Column.VectorKind.Scalar && images.ItemType == NumberDataViewType.Byte && !images.IsKey;
        if (!isPath && !isFile)
            throw LoadImageTensorsTransformer.Mismatch(inputColumnName, Columns.InWords(images));
        if (options.NameColumn is { } name)
        {
            var names = Columns.Find(inputSchema, name);
            if (names.Kind != SchemaShape.Column.VectorKind.Scalar || names.ItemType is not TextDataViewType)
                throw Columns.Mismatch(name, "String", Columns.InWords(names));
        }

        return inputSchema.With([LoadImageTensorsTransformer.Added(outputColumnName, loader.Preprocessing)]);
    }
}
