namespace Microsoft.ML;

/// <summary>Making, splitting and reading data views.</summary>
public sealed partial class DataOperationsCatalog
{
    internal DataOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }
}
