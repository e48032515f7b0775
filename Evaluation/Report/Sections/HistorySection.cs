using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>A section about how the model was trained; it stands in the report of an evaluation and in that of a training alike.</summary>
public abstract class HistorySection : ReportSection
{
    private protected HistorySection()
    {
    }

    /// <inheritdoc/>
    public sealed override bool AppliesTo(ReportContent content) => content.Details.History is { } history && AppliesTo(new TrainingFacts(history));

    /// <inheritdoc/>
    public sealed override Markup? Lead(ReportContent content) => Lead(FactsOf(content));

    /// <inheritdoc/>
    public sealed override void Render(Markup html, ReportContent content) => Render(html, FactsOf(content));

    /// <inheritdoc/>
    public sealed override void WriteData(Utf8JsonWriter json, ReportContent content) => WriteData(json, FactsOf(content));

    internal virtual bool AppliesTo(TrainingFacts facts) => facts.History.Epochs.Count > 0;

    internal abstract Markup? Lead(TrainingFacts facts);

    internal abstract void Render(Markup html, TrainingFacts facts);

    internal abstract void WriteData(Utf8JsonWriter json, TrainingFacts facts);

    private static TrainingFacts FactsOf(ReportContent content) =>
        new(content.Details.History ?? throw new InvalidOperationException("Bug in MLPipelines: a section of the training was shown without one."));
}
