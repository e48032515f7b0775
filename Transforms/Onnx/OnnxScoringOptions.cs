namespace MLPipelines.Transforms;

/// <summary>How an ONNX classifier is fed and read.</summary>
public sealed record OnnxScoringOptions
{
    /// <summary>The model's input; null: its only one.</summary>
    public string? InputName { get; init; }

    /// <summary>The model's output that holds the scores; null: its only one of type float.</summary>
    public string? OutputName { get; init; }

    /// <summary>The name of each class in the order of the scores; they become the slot names of the column. Null: none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// Rows that are read ahead and scored together; null: 64, or fewer so that they stay within 32 MiB. They are shared out to the cores. A
    /// model that takes a fixed number of rows is run with that many, the last run filled up with zeros.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Threads that share the work of one operator; 1 by default, as many runs side by side are faster than one run of many threads.
    /// 0, as many as there are cores, suits a large model that scores single rows; the rows of a batch then go through one run.
    /// </summary>
    public int IntraOpThreads { get; init; } = 1;
}
