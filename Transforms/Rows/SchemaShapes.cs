using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms;

/// <summary>Makes the shape of a schema, which ML.NET lets only its own estimators do.</summary>
/// <remarks>
/// <c>SchemaShape.Column</c> has no public constructor. But <see cref="EstimatorChain{T}"/> hands the shape of its data to its
/// estimators before it fits them; one that does nothing but look receives it.
/// </remarks>
internal static class SchemaShapes
{
    /// <summary>The shape of rows to which columns are added; an added column replaces one of its name.</summary>
    public static SchemaShape With(this SchemaShape shape, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(added);
        var onlooker = new Onlooker();
        new EstimatorChain<ITransformer>().Append(onlooker).Fit(new EmptyView(builder.ToSchema()));
        var seen = onlooker.Seen!;
        return new SchemaShape(shape.Where(column => seen.All(other => other.Name != column.Name)).Concat(seen));
    }

    private sealed class Onlooker : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }
}
