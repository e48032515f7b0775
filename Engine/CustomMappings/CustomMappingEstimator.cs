using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns computed by code; see <see cref="CustomMappingCatalog"/>.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer) : base(transformer)
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var member in Transformer.InputDefinition)
        {
            var expected = SchemaShape.Column.Of(member.ColumnName, member.ColumnType);
            var actual = inputSchema.Require(member.ColumnName);
            if (actual.ItemType.RawType != expected.ItemType.RawType || IsScalar(actual) != IsScalar(expected))
                throw ColumnErrors.Mismatch(member.ColumnName, "input", expected.TypeInWords(), actual.TypeInWords());
        }
        return inputSchema.With([.. SchemaShape.Create(Transformer.OutputColumns.Schema)]);
    }

    private static bool IsScalar(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar;
}
