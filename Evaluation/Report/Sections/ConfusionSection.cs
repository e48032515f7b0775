using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>The confusion matrix as a heat map, truth on the y axis and prediction on the x axis, and as a table where it is small enough.</summary>
public sealed class ConfusionSection : ReportSection
{
    /// <inheritdoc/>
    public override string Id => "confusion";

    /// <inheritdoc/>
    public override string Title => "Confusion";

    /// <inheritdoc/>
    public override string Width => "wide";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("ConfusionSection.js");

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.Labels.Count > 1 && content.Evaluation.Rows.Used > 0;

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content)
    {
        var lead = new Markup().Add($"Each row is a true class, each column an answer. The diagonal is right; all else is wrong.");
        lead.Add($"""<span class="needs-script"> Point at a cell to read it""");
        if (content.Evaluation.WorstMistakes.Count > 0) lead.Add($", click an orange one to see its images");
        if (content.Evaluation.Labels.Count > HeatMapMarkup.MostClassesAtAGlance)
            lead.Add($"""<span class="by-mouse">, drag over an area to enlarge it</span>""");
        return lead.Add($".</span>");
    }

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var matrix = content.Evaluation.ConfusionMatrix;
        var elsewhere = matrix.ClassCount <= HeatMapMarkup.MostClassesInTable
            ? "the same numbers are in the table below"
            : "the most frequent confusions are in the table of pairs";
        html.Add($"""<div class="tools needs-script">""").Add($"\n").AddHeatMapControls(Id, matrix.ClassCount).Add($"</div>\n");
        html.AddHeatMap(Id, $"Heat map of the confusion matrix; {elsewhere}");
        html.AddMatrixTable("confusion-table", "The counts as a table", matrix, elsewhere);
    }

    /// <inheritdoc/>
    public override void WriteData(Utf8JsonWriter json, ReportContent content)
    {
        var matrix = content.Evaluation.ConfusionMatrix;
        var classes = Enumerable.Range(0, matrix.ClassCount);
        json.WritePropertyName("confusion");
        json.WriteSparseRows(matrix.ClassCount, classes.SelectMany(actual =>
            classes.Select(guess => (actual, guess, matrix[actual, guess])).Where(cell => cell.Item3 != 0)));
    }
}
