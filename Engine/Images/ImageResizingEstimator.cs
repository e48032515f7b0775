using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Resizes a column of images.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(ImageResizingTransformer transformer) : base(transformer)
    {
    }

    /// <summary>How an image of other proportions fills the new size.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>All of it is seen, between black bars.</summary>
        IsoPad = 0,

        /// <summary>It covers all, and what stands out is cut off.</summary>
        IsoCrop = 1,

        /// <summary>It is stretched, each pixel taken from the nearest one.</summary>
        Fill = 2,
    }

    /// <summary>Which side <see cref="ResizingKind.IsoCrop"/> keeps.</summary>
    public enum Anchor : byte
    {
        /// <summary>The right side, where columns are cut off; else the middle.</summary>
        Right = 0,

        /// <summary>The left side, where columns are cut off; else the middle.</summary>
        Left = 1,

        /// <summary>The top, where rows are cut off; else the middle.</summary>
        Top = 2,

        /// <summary>The bottom, where rows are cut off; else the middle.</summary>
        Bottom = 3,

        /// <summary>The middle.</summary>
        Center = 4,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ImageColumns.OutputSchema(
        inputSchema, Transformer.Columns, _ => new SchemaShape.Column(
            Transformer.Columns.OutputColumnName, SchemaShape.Column.VectorKind.Scalar, Transformer.OutputType, isKey: false));
}
