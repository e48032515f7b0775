using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator of a chain.</summary>
internal sealed record EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);

/// <summary>Estimators one after the other: each learns from what the ones before it make of the data.</summary>
/// <typeparam name="TLastTransformer">What the last one learns.</typeparam>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorLink[] _links;

    /// <summary>An empty chain.</summary>
    public EstimatorChain() => _links = [];

    internal EstimatorChain(EstimatorLink[] links)
    {
        _links = links;
        LastEstimator = (IEstimator<TLastTransformer>)links[^1].Estimator;
    }

    /// <summary>The last estimator; null in an empty chain.</summary>
    public readonly IEstimator<TLastTransformer> LastEstimator;

    /// <summary>Fits the estimators in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type; found before anything is trained.</exception>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));

        var transformers = new ITransformer[_links.Length];
        var data = input;
        for (var index = 0; index < _links.Length; index++)
        {
            transformers[index] = _links[index].Estimator.Fit(data);
            // Nobody reads what comes after the last one.
            if (index == _links.Length - 1)
                break;
            data = transformers[index].Transform(data);
            if (_links[index].CacheAfter)
                data = new CachedView(data);
        }
        return new(transformers, _links.Select(link => link.Scope));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));
    }

    /// <summary>Keeps in memory what the estimators so far make of the training data, so that the next ones can read it often.</summary>
    /// <param name="env">The context.</param>
    /// <exception cref="InvalidOperationException">The chain is empty: there is nothing yet to keep.</exception>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (_links.Length == 0)
            throw new InvalidOperationException("A cache checkpoint needs an estimator before it; cache the data itself with mlContext.Data.Cache.");
        return new([.. _links[..^1], _links[^1] with { CacheAfter = true }]);
    }

    /// <summary>A longer chain.</summary>
    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new([.. _links, new(estimator, scope, CacheAfter: false)]);
    }
}
