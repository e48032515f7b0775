using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>Hears of progress on the thread that reports it, so that a test may act in between.</summary>
internal sealed class StageReports(Action<PipelineProgress> report) : IProgress<PipelineProgress>
{
    public void Report(PipelineProgress value) => report(value);
}
