using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>The confusion matrix of every epoch, by a slider: truth on the y axis and prediction on the x axis.</summary>
public sealed class TrainingConfusionSection : HistorySection
{
    /// <summary>About how many characters the matrices may have; of more, epochs are left out.</summary>
    private const long Budget = 1_200_000;
    private const int MostClassesAtAGlance = 20;

    /// <inheritdoc/>
    public override string Id => "training-confusion";

    /// <inheritdoc/>
    public override string Title => "Confusion by epoch";

    /// <inheritdoc/>
    public override string Width => "wide";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("TrainingConfusionSection.js");

    internal override bool AppliesTo(TrainingFacts facts) => base.AppliesTo(facts) && facts.History.Labels.Count > 1;

    internal override Markup? Lead(TrainingFacts facts)
    {
        var lead = new Markup().Add($"""
            What was taken for what on the {facts.JudgedName} images<span class="needs-script">, epoch by epoch. The colours mean the same in every
            epoch: the darkest blue and orange are the most of epoch {facts.Reference.Epoch}</span>.
            """);
        if (Shown(facts) is { } shown && shown.Count < facts.History.Epochs.Count)
            lead.Add($" Of {facts.History.Epochs.Count} epochs {shown.Count} are here, to keep this file small.");
        return lead;
    }

    internal override void Render(Markup html, TrainingFacts facts)
    {
        var (shown, classes) = (Shown(facts), facts.History.Labels.Count);
        var start = shown.Index().First(each => each.Item.Epoch == facts.Reference.Epoch).Index;
        var without = shown.Count == 1 ? "hidden" : "";
        html.Add($"""
            <div class="tools needs-script">
            <label class="field epoch-slider" {without}><span id="training-confusion-epoch">Epoch {facts.Reference.Epoch}</span>
            <input type="range" id="training-confusion-slider" min="0" max="{shown.Count - 1}" value="{start}" step="1"
              aria-describedby="training-confusion-now"></label>
            <button type="button" class="plain" id="training-confusion-best" value="{start}" {without}>{(facts.ReferenceIsBest ? "Best" : "Last")} epoch</button>

            """);
        if (facts.HasValidation)
        {
            html.Add($"""
                <div class="switch" id="training-confusion-part" role="group" aria-label="Of which images">
                <button type="button" value="validation" aria-pressed="true">Validation</button>
                <button type="button" value="training" aria-pressed="false">Training</button>
                </div>

                """);
        }

        html.Add($"""
            <div class="switch" id="training-confusion-mode" role="group" aria-label="What a cell shows">
            <button type="button" value="counts" aria-pressed="true">Counts</button>
            <button type="button" value="actual" aria-pressed="false">% of truth</button>
            <button type="button" value="predicted" aria-pressed="false">% of answers</button>
            </div>
            <label class="field">Order <select id="training-confusion-order">
            <option value="given">as in the model</option>
            <option value="worst">worst first</option>
            <option value="support">most images first</option>
            <option value="name">by name</option>
            </select></label>

            """);
        if (classes > MostClassesAtAGlance)
            html.Add($"""<button type="button" class="plain" id="training-confusion-worst">The {MostClassesAtAGlance} worst classes</button>""");
        html.Add($"""
            <button type="button" class="plain" id="training-confusion-all" hidden>All {classes} classes</button>
            </div>
            <p class="hint needs-script" id="training-confusion-now" role="status"></p>
            <div class="chart needs-script" id="training-confusion-chart" role="img"
              aria-label="Heat map of the confusion matrix of the chosen epoch"></div>
            <p class="ramps needs-script">
            <span class="ramp">right 0 <i></i> <span id="training-confusion-most-right"></span></span>
            <span class="ramp wrong">wrong 0 <i></i> <span id="training-confusion-most-wrong"></span></span>
            </p>

            """);
        if (classes <= ConfusionSection.MostClassesInTable)
            ConfusionSection.Table(html, "training-confusion-table", $"The counts of epoch {facts.Reference.Epoch} as a table", Matrix(facts));
        else
        {
            html.Add($"<noscript><p>The heat map of {classes} classes is drawn by a script; ");
            html.Add($"the classes of epoch {facts.Reference.Epoch} are in the table above.</p></noscript>\n");
        }
    }

    private static ConfusionMatrix Matrix(TrainingFacts facts)
    {
        var counts = facts.Judged(facts.Reference)!.Confusion;
        var classes = Enumerable.Range(0, counts.ClassCount);
        double[] Row(int actual) => [.. classes.Select(predicted => (double)counts[actual, predicted])];
        return ConfusionMatrix.Of(facts.History.Labels, [.. classes.Select(Row)]);
    }

    // A cell costs two numbers and their commas, about eight characters; an empty row costs three.
    private static IReadOnlyList<EpochRecord> Shown(TrainingFacts facts) => facts.Thinned(
        epoch => facts.PartNames.Select(name => TrainingFacts.PartOf(epoch, name)).OfType<PartRecord>()
            .Sum(part => (8L * part.Confusion.NonZero.Count()) + (3L * part.Confusion.ClassCount)),
        Budget);

    /// <summary>Per part and epoch the matrix, sparse as that of <see cref="ConfusionSection"/>; null where an epoch has not the part.</summary>
    internal override void WriteData(Utf8JsonWriter json, TrainingFacts facts)
    {
        var shown = Shown(facts);
        json.WriteStartObject("trainingConfusions");
        json.WriteLabels(facts.History);
        json.WriteNumbers("epochs", shown.Select(epoch => (double)epoch.Epoch));
        json.WriteNumbers("best", facts.History.BestEpoch is { } best ? [best] : []);
        json.WriteNumber("reference", facts.Reference.Epoch);
        json.WriteStartObject("parts");
        foreach (var name in facts.PartNames)
        {
            json.WriteStartArray(name);
            foreach (var epoch in shown)
                Write(json, TrainingFacts.PartOf(epoch, name)?.Confusion);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ConfusionCounts? counts)
    {
        if (counts is null)
        {
            json.WriteNullValue();
            return;
        }

        var rows = counts.NonZero.ToLookup(cell => cell.Actual);
        json.WriteStartArray();
        for (var actual = 0; actual < counts.ClassCount; actual++)
        {
            json.WriteStartArray();
            foreach (var (_, predicted, samples) in rows[actual])
            {
                json.WriteNumberValue(predicted);
                json.WriteNumberValue(samples);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
