using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Mappings written in code.</summary>
public static class CustomMappingCatalog
{
    /// <summary>
    /// Adds the columns of <typeparamref name="TDst"/>, computed by <paramref name="mapAction"/> from those of <typeparamref name="TSrc"/>.
    /// </summary>
    /// <typeparam name="TSrc">The input; its members name the columns read. One object is filled again for every row: do not keep it.</typeparam>
    /// <typeparam name="TDst">The output; its members name the columns added. A new object for every row.</typeparam>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">Fills the output from the input. It must not depend on other rows, and may be called on several threads.</param>
    /// <param name="contractName">
    /// The name of the <see cref="CustomMappingFactory{TSrc, TDst}"/> that gives the mapping back when a saved model is loaded;
    /// null: the model cannot be saved.
    /// </param>
    /// <param name="inputSchemaDefinition">Changes names or sizes of the columns read; null: as the attributes say.</param>
    /// <param name="outputSchemaDefinition">Changes names or sizes of the columns added; null: as the attributes say.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(
        this TransformsCatalog catalog,
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(mapAction);
        return new(new CustomMappingTransformer<TSrc, TDst>(catalog.Context, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition));
    }
}
