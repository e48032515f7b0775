namespace MLPipelines.Pipelines;

/// <summary>How far a long task has come.</summary>
/// <param name="Stage">What is being done, such as <c>Score</c>.</param>
/// <param name="Done">How many items, or steps, are done.</param>
/// <param name="Total">How many there are; 0 where that is not known.</param>
public readonly record struct PipelineProgress(string Stage, long Done, long Total);
