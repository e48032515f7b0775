namespace MLPipelines.Batching;

/// <summary>The memory a computation reads its input columns from and writes its added columns to.</summary>
/// <remarks>
/// Made once per cursor; the arrays stay the same from batch to batch. The vectors in an output array keep their memory too:
/// <c>VBufferEditor.Create(ref output[row], length)</c> allocates for the first batch alone.
/// </remarks>
internal sealed class BatchBuffers
{
    private readonly BatchColumn[] _inputs;
    private readonly BatchColumn?[] _outputs;

    /// <summary>Buffers for the added columns that <paramref name="active"/> (by index of the output schema) marks.</summary>
    public BatchBuffers(BatchMapping mapping, bool[] active, int capacity)
    {
        Capacity = capacity;
        var columns = mapping.InputColumns.DistinctBy(column => column.Index)
            .ToDictionary(column => column.Index, column => BatchColumn.CreateInput(column, capacity));
        _inputs = [.. mapping.InputColumns.Select(column => columns[column.Index])];
        _outputs =
        [
            .. mapping.OutputSchema.Skip(mapping.InputSchema.Count)
                .Select(column => active[column.Index] ? BatchColumn.Create(column.Type, capacity) : null),
        ];
    }

    /// <summary>The number of rows there is room for.</summary>
    public int Capacity { get; }

    /// <summary>The values of <see cref="BatchMapping.InputColumns"/>[<paramref name="index"/>], one per row.</summary>
    public T[] Input<T>(int index) => Values<T>(_inputs[index]);

    /// <summary>Where the values of the added column <paramref name="index"/> go, one per row.</summary>
    /// <exception cref="InvalidOperationException">The column is not active, or has values of another type.</exception>
    public T[] Output<T>(int index) => Values<T>(_outputs[index]);

    /// <summary>Whether anybody reads the added column <paramref name="index"/>.</summary>
    public bool IsActive(int index) => _outputs[index] is not null;

    internal BatchColumn InputColumn(int index) => _inputs[index];

    internal BatchColumn OutputColumn(int index) =>
        _outputs[index] ?? throw new InvalidOperationException($"Bug in MLPipelines: added column {index} is read but not active.");

    internal void Clear()
    {
        foreach (var column in _inputs)
            column.Clear();
        foreach (var column in _outputs)
            column?.Clear();
    }

    private static T[] Values<T>(BatchColumn? column) => column is BatchColumn<T> typed
        ? typed.Values
        : throw new InvalidOperationException($"Bug in MLPipelines: a buffer of {typeof(T)} was asked for; there is {column?.GetType().ToString() ?? "none, the column is not active"}.");
}
