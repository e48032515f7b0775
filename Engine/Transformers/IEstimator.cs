namespace Microsoft.ML;

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Learns; reads the data as often as it needs.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>What the columns will be after the transformer, without data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column it reads is missing or of the wrong kind.</exception>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
