namespace Microsoft.ML.Data;

/// <summary>Loads images from the paths in a text column.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(ImageLoadingTransformer transformer) : base(transformer)
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var path = inputSchema.Require(Transformer.Columns.InputColumnName);
        return path is { Kind: SchemaShape.Column.VectorKind.Scalar, ItemType: TextDataViewType }
            ? inputSchema.With(new SchemaShape.Column(
                Transformer.Columns.OutputColumnName, SchemaShape.Column.VectorKind.Scalar, ImageLoadingTransformer.OutputType, isKey: false))
            : throw ColumnErrors.Mismatch(path.Name, "input", TextDataViewType.Instance.ToString(), path.TypeInWords());
    }
}
