namespace MLPipelines.Evaluation;

/// <summary>The classes one by one, sortable by every column.</summary>
public sealed class PerClassSection : ReportSection
{
    private const int FewClasses = 15;

    // F1 first, the number that the table is read for: a phone shows it without scrolling.
    private static readonly (ClassMetric Metric, string Heading)[] Columns =
    [
        (ClassMetrics.F1, "F1"), (ClassMetrics.Precision, "Precision"), (ClassMetrics.Recall, "Recall"),
        (ClassMetrics.RocAuc, "ROC AUC"), (ClassMetrics.AveragePrecision, "Avg. precision"),
    ];

    /// <inheritdoc/>
    public override string Id => "classes";

    /// <inheritdoc/>
    public override string Title => "Classes";

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add(
        $"""
        Precision: of what was called the class, the share that is. Recall: of what is the class, the share that was found. F1: both in one.
        n/a: undefined, and left out of the averages.
        """);

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var (evaluation, details) = content;
        var many = evaluation.PerClass.Count > FewClasses;
        if (many)
        {
            html.Add($"""
                <div class="tools needs-script">
                <label class="field">Find a class <input type="search" data-filters="classes-table" autocomplete="off" spellcheck="false"></label>
                <span class="hint" id="classes-table-shown" role="status"></span>
                </div>

                """);
        }

        html.Add($"""
            <div class="scroll {(many ? "tall" : "")}" tabindex="0" role="region" aria-labelledby="classes-title"><table class="sortable" id="classes-table">
            <thead><tr>{Heading("Class", "ascending", "none")}{Heading(evaluation.HasWeights ? "Weight" : "Images", "descending", "none", "n", "Support")}
            """);
        foreach (var (metric, heading) in Columns)
        {
            var sorted = metric == ClassMetrics.F1 && details.WorstClassesFirst ? "ascending" : "none";
            html.Add($"{Heading(heading, "ascending", sorted, "n", metric.Formula)}");
        }

        html.Add($"</tr></thead>\n<tbody>\n");

        var worstFirst = evaluation.PerClass.OrderBy(one => double.IsNaN(one.F1)).ThenBy(one => one.F1);
        var classes = details.WorstClassesFirst ? worstFirst : evaluation.PerClass.AsEnumerable();
        foreach (var one in classes)
        {
            html.Add($"""<tr><th scope="row">{one.Label}</th><td class="n" data-v="{one.Support}">{Figures.Count(one.Support)}</td>""");
            foreach (var (metric, _) in Columns) Meter(html, one[metric], metric == ClassMetrics.Recall ? one.RecallInterval : null);
            html.Add($"</tr>\n");
        }

        html.Add($"</tbody></table></div>\n");
    }

    private static Markup Heading(string name, string first, string sorted, string kind = "", string meaning = "") => new Markup().Add(
        $"""<th scope="col" class="{kind}" aria-sort="{sorted}" data-first="{first}" title="{meaning}"><button type="button">{name}</button></th>""");

    private static void Meter(Markup html, double value, Interval? interval)
    {
        if (double.IsNaN(value))
        {
            html.Add($"""<td class="n meter na" data-v="">n/a</td>""");
            return;
        }

        var title = interval is { } range
            ? FormattableString.Invariant($"{100 * range.Level:0.##} % interval {Figures.PercentRange(range.Lower, range.Upper)} %")
            : "";
        html.Add($"""<td class="n meter" data-v="{value}" style="--v:{value:0.####}" title="{title}">{Figures.Score(value)}</td>""");
    }
}
