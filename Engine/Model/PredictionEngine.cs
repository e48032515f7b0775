using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine is made.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Changes names or sizes of the input's columns; null: as the attributes say.</summary>
    public SchemaDefinition InputSchemaDefinition;

    /// <summary>Changes names of the output's columns; null: as the attributes say.</summary>
    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Whether members of the output without a column are left alone; else they are an error.</summary>
    public bool IgnoreMissingColumns = true;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    public bool OwnsTransformer = true;
}

/// <summary>Predicts single rows.</summary>
/// <remarks>
/// Not thread-safe: it has one row that every call fills. Make one engine per thread over the same transformer, or use a predictor made for it.
/// </remarks>
/// <typeparam name="TSrc">The input: it has every column that any part of the model reads, the training label included.</typeparam>
/// <typeparam name="TDst">The output.</typeparam>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _ownedTransformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _write;
    private bool _isDisposed;

    private protected PredictionEngineBase(ITransformer transformer, PredictionEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(options);
        if (!transformer.IsRowToRowMapper)
            throw new ArgumentException(
                $"{transformer.GetType().Name} does not make every row from one row; single rows cannot be predicted with it.", nameof(transformer));
        _ownedTransformer = options.OwnsTransformer ? transformer : null;

        var columns = new ObjectColumns<TSrc>(options.InputSchemaDefinition);
        var mapper = transformer.GetRowToRowMapper(columns.Schema);
        OutputSchema = mapper.OutputSchema;
        var members = new ObjectMembers<TDst>(OutputSchema, options.IgnoreMissingColumns, options.OutputSchemaDefinition);
        _input = new ObjectRow<TSrc>(columns);
        _output = mapper.GetRow(_input, members.Columns);
        _write = members.CreateWriter(_output);
    }

    /// <summary>The columns after the model.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>Predicts one row into a new object.</summary>
    /// <exception cref="InvalidOperationException">A vector does not have the length its column type says.</exception>
    public TDst Predict(TSrc example)
    {
        TDst prediction = null;
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Predicts one row into an object used again; its arrays are filled in place.</summary>
    /// <param name="example">The input.</param>
    /// <param name="prediction">The output; null: a new one.</param>
    /// <exception cref="InvalidOperationException">A vector does not have the length its column type says.</exception>
    public abstract void Predict(TSrc example, ref TDst prediction);

    private protected void Fill(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _input.Set(example);
        prediction ??= new TDst();
        _write(prediction);
    }

    /// <summary>Gives back what the engine holds, and the transformer too where it owns that.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _output.Dispose();
        (_ownedTransformer as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Predicts single rows. Not thread-safe; see <see cref="PredictionEngineBase{TSrc, TDst}"/>.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, PredictionEngineOptions options) : base(transformer, options)
    {
    }

    /// <inheritdoc/>
    public override void Predict(TSrc example, ref TDst prediction) => Fill(example, ref prediction);
}
