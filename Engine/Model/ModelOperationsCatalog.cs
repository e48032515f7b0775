namespace Microsoft.ML;

/// <summary>Saving, loading and using models.</summary>
public sealed class ModelOperationsCatalog
{
    internal ModelOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }
}
