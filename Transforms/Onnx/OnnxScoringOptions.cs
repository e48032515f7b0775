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
    /// Rows that are scored together; null: 64, or fewer so that a batch stays within 32 MiB. A model with a fixed batch ignores it and takes
    /// as many rows as it was made for, the last ones filled up with zeros.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>Threads that share the work of one operator; 0: as many as the machine has cores.</summary>
    public int IntraOpThreads { get; init; }
}
