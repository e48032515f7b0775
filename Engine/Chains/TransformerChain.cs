using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Transformers one after the other.</summary>
/// <typeparam name="TLastTransformer">The type of the last one.</typeparam>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;

    /// <summary>A chain whose transformers always take part.</summary>
    /// <exception cref="ArgumentException">The last one is no <typeparamref name="TLastTransformer"/>.</exception>
    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, Enumerable.Repeat(TransformerScope.Everything, transformers?.Length ?? 0))
    {
    }

    internal TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        ArgumentNullException.ThrowIfNull(transformers);
        (_transformers, _scopes) = ([.. transformers], [.. scopes]);
        if (Array.IndexOf(_transformers, null) is >= 0 and var empty)
            throw new ArgumentException($"Transformer {empty} of the chain is null.", nameof(transformers));
        LastTransformer = _transformers.Length == 0 ? null : _transformers[^1] as TLastTransformer ??
            throw new ArgumentException(
                $"The last transformer is a {_transformers[^1].GetType()}, not a {typeof(TLastTransformer)}.", nameof(transformers));
    }

    /// <summary>The last transformer; null in an empty chain.</summary>
    public readonly TLastTransformer LastTransformer;

    internal IReadOnlyList<TransformerScope> Scopes => _scopes;

    bool ITransformer.IsRowToRowMapper => _transformers.All(transformer => transformer.IsRowToRowMapper);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        _transformers.Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _transformers.Aggregate(input, (view, transformer) => transformer.Transform(view));
    }

    /// <summary>A longer chain.</summary>
    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return new([.. _transformers, transformer], [.. _scopes, scope]);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        List<IRowToRowMapper> mappers = [];
        foreach (var transformer in _transformers)
        {
            if (!transformer.IsRowToRowMapper)
                throw new InvalidOperationException(
                    $"{transformer.GetType().Name} does not make every row from one row; the chain cannot predict single rows.");
            mappers.Add(transformer.GetRowToRowMapper(mappers is [.., var last] ? last.OutputSchema : inputSchema));
        }
        return new ChainedMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerChainParts.Save(ctx, _transformers, _scopes);

    /// <summary>The transformers in order.</summary>
    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes those transformers that hold something, such as ONNX sessions.</summary>
    public void Dispose()
    {
        foreach (var transformer in _transformers)
            (transformer as IDisposable)?.Dispose();
    }
}
