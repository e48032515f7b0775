namespace MLPipelines.Evaluation;

/// <summary>What was used: model, preprocessing, data, engine, versions, as the caller tells it.</summary>
public sealed class ProvenanceSection : ReportSection
{
    /// <inheritdoc/>
    public override string Id => "used";

    /// <inheritdoc/>
    public override string Title => "What was used";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Details.Used.Count > 0;

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content) => Render(html, content.Details.Used);

    /// <summary>Groups of facts side by side.</summary>
    internal static void Render(Markup html, IReadOnlyList<ReportGroup> groups)
    {
        html.Add($"""<div class="groups">""");
        foreach (var group in groups)
        {
            html.Add($"<div><h3>{group.Name}</h3><dl>\n");
            html.AddEach(group.Facts, (list, fact) => list.Add(
                $"""<div><dt>{fact.Name}</dt><dd class="{(fact.IsCode ? "code" : "")}">{fact.Value}</dd></div>""").Add($"\n"));
            html.Add($"</dl></div>\n");
        }

        html.Add($"</div>\n");
    }
}
