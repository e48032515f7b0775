using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of the pixels of images.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(ImagePixelExtractingTransformer transformer) : base(transformer)
    {
    }

    /// <summary>The colours of a pixel.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        /// <summary>The opacity.</summary>
        Alpha = 1,

        /// <summary>Red.</summary>
        Red = 2,

        /// <summary>Green.</summary>
        Green = 4,

        /// <summary>Blue.</summary>
        Blue = 8,

        /// <summary>The three colours.</summary>
        Rgb = Red | Green | Blue,

        /// <summary>The three colours and the opacity.</summary>
        All = Alpha | Rgb,
    }

    /// <summary>The order of the colours in the vector; those that are not extracted are left out.</summary>
    public enum ColorsOrder : byte
    {
        /// <summary>Alpha, red, green, blue.</summary>
        ARGB = 1,

        /// <summary>Alpha, red, blue, green.</summary>
        ARBG = 2,

        /// <summary>Alpha, blue, red, green.</summary>
        ABRG = 3,

        /// <summary>Alpha, blue, green, red.</summary>
        ABGR = 4,

        /// <summary>Alpha, green, red, blue.</summary>
        AGRB = 5,

        /// <summary>Alpha, green, blue, red.</summary>
        AGBR = 6,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ImageColumns.OutputSchema(
        inputSchema, Transformer.Columns, image => new SchemaShape.Column(
            Transformer.Columns.OutputColumnName,
            SchemaShape.Column.VectorKind.Vector,
            Transformer.ItemTypeOf((ImageDataViewType)image.ItemType, image.Name),
            isKey: false));
}
