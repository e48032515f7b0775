namespace Microsoft.ML.Data;

/// <summary>An estimator that has nothing to learn: it hands out the transformer it was made with. For this assembly's own estimators.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(TTransformer transformer) => Transformer = transformer;

    private protected TTransformer Transformer { get; }

    /// <summary>The transformer, after checking that it fits the columns of <paramref name="input"/>; no row is read.</summary>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Transformer.GetOutputSchema(input.Schema);
        return Transformer;
    }

    /// <inheritdoc/>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
