namespace MLPipelines.Onnx;

/// <summary>How a model is run.</summary>
public sealed record OnnxSessionSettings
{
    /// <summary>Threads that share the work of one operator; 0, the default: as many as the machine has cores. Use 1 when several
    /// threads call <c>OnnxSession.Run</c>.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Threads that run independent operators side by side; 0, the default: the library's choice.</summary>
    public int InterOpThreads { get; init; }

    /// <summary>Whether operators are fused and constants folded when the model is opened; true by default.
    /// False runs the graph as written.</summary>
    public bool Optimize { get; init; } = true;
}
