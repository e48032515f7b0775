using System.Text.Json;
using MLPipelines.Learning;

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

    /// <summary>Says how many epochs are shown, where some are left out; see <see cref="TrainingFacts.Thinned"/>.</summary>
    private protected static Markup AddThinning(Markup lead, TrainingFacts facts, IReadOnlyList<EpochRecord> shown) => shown.Count == facts.History.Epochs.Count
        ? lead
        : lead.Add($" Of {facts.History.Epochs.Count} epochs {shown.Count} are here, to keep this file small.");

    /// <summary>The switch between the parts, which the section's script finds as <c>…-part</c>; nothing where training is the only one.</summary>
    private protected void AddPartSwitch(Markup html, TrainingFacts facts)
    {
        if (!facts.HasValidation) return;
        html.Add($"""
            <div class="switch" id="{Id}-part" role="group" aria-label="Of which images">
            <button type="button" value="validation" aria-pressed="true">Validation</button>
            <button type="button" value="training" aria-pressed="false">Training</button>
            </div>

            """);
    }

    private static TrainingFacts FactsOf(ReportContent content) =>
        new(content.Details.History ?? throw new InvalidOperationException("Bug in MLPipelines: a section of the training was shown without one."));
}
