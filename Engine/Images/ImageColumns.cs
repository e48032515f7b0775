namespace Microsoft.ML.Transforms.Image;

/// <summary>The checks that the estimators and transformers of image columns share.</summary>
internal static class ImageColumns
{
    /// <exception cref="ArgumentOutOfRangeException">The column holds no images.</exception>
    public static ImageDataViewType RequireImage(DataViewSchema.Column column) =>
        column.Type as ImageDataViewType ?? throw ColumnErrors.Mismatch(column, "input", "Image");

    /// <summary>The shape after an image estimator, which reads one column of images and makes one column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds no images.</exception>
    public static SchemaShape OutputSchema(SchemaShape input, InputOutputColumnPair pair, Func<SchemaShape.Column, SchemaShape.Column> make)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Require(pair.InputColumnName);
        return column is { Kind: SchemaShape.Column.VectorKind.Scalar, ItemType: ImageDataViewType }
            ? input.With(make(column))
            : throw ColumnErrors.Mismatch(column.Name, "input", "Image", column.TypeInWords());
    }

    /// <summary>An image transformer made again from a model file; each has one pair of columns.</summary>
    /// <exception cref="InvalidDataException">The file says what no transformer can be.</exception>
    public static TTransformer Load<TTransformer>(ModelLoadContext context, ColumnPairState[] columns, Func<InputOutputColumnPair, TTransformer> make)
    {
        try
        {
            return ColumnPairState.Pairs(columns, context) is [var pair] ? make(pair) : throw context.Damaged("it names more than one column");
        }
        catch (ArgumentException invalid)
        {
            throw context.Damaged(invalid.Message);
        }
    }
}
