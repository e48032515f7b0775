namespace Microsoft.ML;

/// <summary>What the catalogs of all training tasks have in common.</summary>
public abstract partial class TrainCatalogBase
{
    private protected TrainCatalogBase(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>What the trainer lists of all training tasks have in common.</summary>
    public abstract class CatalogInstantiatorBase
    {
        private protected CatalogInstantiatorBase(MLContext context) => Context = context;

        internal MLContext Context { get; }
    }
}
