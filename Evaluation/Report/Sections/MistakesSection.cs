namespace MLPipelines.Evaluation;

/// <summary>The gallery of the worst mistakes: the wrong answers that it was surest of, with their pictures.</summary>
public sealed class MistakesSection : ReportSection
{
    /// <inheritdoc/>
    public override string Id => "mistakes";

    /// <inheritdoc/>
    public override string Title => "Worst mistakes";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("MistakesSection.js");

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.WorstMistakes.Count > 0;

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add(
        $"""
        The {Figures.Count(content.Evaluation.WorstMistakes.Count, "wrong answer", "wrong answers")} that it was surest of.
        Look for wrong labels too: some of these may be right.
        """);

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var (evaluation, details) = content;
        var indexOf = evaluation.Labels.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        html.Add($"""
            <div class="tools" id="mistakes-filter" hidden>
            <span id="mistakes-shown" role="status"></span>
            <button type="button" class="plain" id="mistakes-all">Show all</button>
            </div>
            <div class="gallery few" id="mistakes-gallery">

            """);
        foreach (var mistake in evaluation.WorstMistakes)
        {
            var withPicture = details.Thumbnails is not null;
            var kind = withPicture ? "mistake" : "mistake wordless";
            html.Add($"""<article class="{kind}" data-actual="{indexOf[mistake.Truth]}" data-predicted="{indexOf[mistake.Predicted]}">""");
            if (withPicture) Picture(html, mistake, details);
            html.Add($"""<div><p class="truth">{mistake.Truth}</p><p class="taken">taken for {mistake.Predicted}</p><ol class="guesses">""");
            foreach (var guess in mistake.Top) Guess(html, guess.Label, guess.Score, guess.Label == mistake.Truth);
            if (mistake.TruthRank > mistake.Top.Count) Guess(html, $"{mistake.TruthRank}. {mistake.Truth}", Math.Exp(-mistake.Loss), isTruth: true);
            var name = mistake.Id ?? $"row {mistake.Row}";
            html.Add($"""</ol></div><p class="id" title="{name}">{name}</p></article>""").Add($"\n");
        }

        html.Add($"</div>\n{ShowAll("mistakes-gallery", evaluation.WorstMistakes.Count)}\n");
    }

    private static void Guess(Markup html, string name, double score, bool isTruth)
    {
        var printed = score is >= 0 and <= 1 ? Figures.Probability(score) : Figures.Value(score);
        html.Add($"""<li class="{(isTruth ? "is-truth" : "")}" style="--v:{Math.Clamp(score, 0, 1):0.####}">""");
        html.Add($"""<span title="{name}">{name}</span><span>{printed}</span></li>""");
    }

    private static void Picture(Markup html, Mistake mistake, ReportDetails details)
    {
        var encoded = mistake.Id is null ? null : details.Thumbnails!(mistake.Id);
        var missing = encoded switch
        {
            null or [] => "No picture",
            _ when encoded.Length > details.MaximumThumbnailBytes => $"Picture of {Figures.Count(encoded.Length / 1024)} KiB left out",
            _ when EmbeddedPicture.MediaType(encoded) is null => "Picture in a format that browsers do not show",
            _ => null,
        };
        if (missing is not null)
        {
            html.Add($"""<div class="missing" role="img" aria-label="{missing}">{missing}</div>""");
            return;
        }

        html.Add($"""<img alt="{mistake.Truth}, taken for {mistake.Predicted}" """);
        html.Add($"""src="data:{EmbeddedPicture.MediaType(encoded)};base64,{Convert.ToBase64String(encoded!)}">""");
    }
}
