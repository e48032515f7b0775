using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>The confusion matrix of every epoch, by a slider: truth on the y axis and prediction on the x axis.</summary>
public sealed class TrainingConfusionSection : HistorySection
{
    /// <summary>About how many characters the matrices may have; of more, epochs are left out.</summary>
    private const long Budget = 1_200_000;

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
        return AddThinning(lead, facts, Shown(facts));
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
        AddPartSwitch(html, facts);
        html.AddHeatMapControls(Id, classes).Add($"""
            </div>
            <p class="hint needs-script" id="training-confusion-now" role="status"></p>

            """);
        html.AddHeatMap(Id, "Heat map of the confusion matrix of the chosen epoch");
        var epoch = facts.Reference.Epoch;
        html.AddMatrixTable(
            "training-confusion-table", $"The counts of epoch {epoch} as a table", Matrix(facts), $"the classes of epoch {epoch} are in the table above");
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

        json.WriteSparseRows(counts.ClassCount, counts.NonZero.Select(cell => (cell.Actual, cell.Predicted, (double)cell.Samples)));
    }
}
