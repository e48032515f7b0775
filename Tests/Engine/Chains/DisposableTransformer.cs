using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

/// <summary>A transformer around another one that remembers whether it was disposed of; the inner one is not.</summary>
internal sealed class DisposableTransformer(ITransformer inner) : ITransformer, IDisposable
{
    public ITransformer Inner => inner;

    public bool IsDisposed { get; private set; }

    public bool IsRowToRowMapper { get; init; } = true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => inner.Transform(input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => inner.Save(ctx);

    public void Dispose() => IsDisposed = true;
}
