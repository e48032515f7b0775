namespace Microsoft.ML;

/// <summary>Estimators that change columns; the extension methods on it make them.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog(MLContext context)
    {
        Context = context;
        Conversion = new ConversionTransforms(context);
    }

    internal MLContext Context { get; }

    /// <summary>Estimators that change the type of a column.</summary>
    public ConversionTransforms Conversion { get; }

    /// <summary>Estimators that change the type of a column; the extension methods on it make them.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(MLContext context) => Context = context;

        internal MLContext Context { get; }
    }
}
