namespace MLPipelines.Evaluation;

/// <summary>The confusions that happen most often, in a table.</summary>
public sealed class ConfusedPairsSection : ReportSection
{
    /// <inheritdoc/>
    public override string Id => "pairs";

    /// <inheritdoc/>
    public override string Title => "Confused pairs";

    /// <inheritdoc/>
    public override string Width => "narrow";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.MostConfused.Count > 0;

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add($"The mistakes that are made most often, and the share of the true class that they are.");

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var evaluation = content.Evaluation;
        var shown = evaluation.WorstMistakes.Select(mistake => (mistake.Truth, mistake.Predicted)).ToHashSet();
        html.Add($"""
            <div class="scroll"><table id="pairs-table">
            <thead><tr><th scope="col">Truth → answer</th><th scope="col" class="n">Images</th><th scope="col" class="n">Share</th></tr></thead>
            <tbody id="pairs-list" class="few">

            """);
        foreach (var pair in evaluation.MostConfused)
        {
            var name = new Markup().Add(
                $"""{pair.ActualLabel} <span class="to" aria-label="taken for">→</span> {pair.PredictedLabel}""");
            html.Add($"""<tr><th scope="row">""");
            if (shown.Contains((pair.ActualLabel, pair.PredictedLabel)))
                html.Add($"""<button type="button" class="link" data-pair="{pair.Actual},{pair.Predicted}" title="Show its images">{name}</button>""");
            else
                html.Add($"{name}");
            html.Add($"""</th><td class="n">{Figures.Count(pair.Count)}</td>""");
            html.Add($"""<td class="n meter wrong" style="--v:{pair.ShareOfActual:0.####}">{Figures.Percent(pair.ShareOfActual)}</td></tr>""").Add($"\n");
        }

        html.Add($"""</tbody></table></div>""").Add($"{ShowAll("pairs-list", evaluation.MostConfused.Count)}\n");
    }
}
