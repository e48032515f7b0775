namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The same rows, each column read from <paramref name="input"/> once and then kept in memory.</summary>
    /// <remarks>Image columns are not kept: whoever reads an image may dispose it.</remarks>
    /// <param name="input">The rows.</param>
    /// <param name="columnsToPrefetch">Columns to read at once; the others are read when first asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        var cached = new CachedView(input);
        if (columnsToPrefetch is { Length: > 0 })
            cached.Load(columnsToPrefetch.Select(name => input.Schema.Require(name, "prefetched").Index));
        return cached;
    }
}
