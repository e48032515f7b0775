using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>The confusion matrix as a heat map, truth on the y axis and prediction on the x axis, and as a table where it is small enough.</summary>
public sealed class ConfusionSection : ReportSection
{
    internal const int MostClassesInTable = 30;
    private const int MostClassesAtAGlance = 20;

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
        if (content.Evaluation.Labels.Count > MostClassesAtAGlance) lead.Add($"""<span class="by-mouse">, drag over an area to enlarge it</span>""");
        return lead.Add($".</span>");
    }

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var matrix = content.Evaluation.ConfusionMatrix;
        var inTable = matrix.ClassCount <= MostClassesInTable;
        var elsewhere = inTable ? "the same numbers are in the table below" : "the most frequent confusions are in the table of pairs";
        html.Add($"""
            <div class="tools needs-script">
            <div class="switch" id="confusion-mode" role="group" aria-label="What a cell shows">
            <button type="button" value="counts" aria-pressed="true">Counts</button>
            <button type="button" value="actual" aria-pressed="false">% of truth</button>
            <button type="button" value="predicted" aria-pressed="false">% of answers</button>
            </div>
            <label class="field">Order <select id="confusion-order">
            <option value="given">as in the model</option>
            <option value="worst">worst first</option>
            <option value="support">most images first</option>
            <option value="name">by name</option>
            </select></label>

            """);
        if (matrix.ClassCount > MostClassesAtAGlance)
            html.Add($"""<button type="button" class="plain" id="confusion-worst">The {MostClassesAtAGlance} worst classes</button>""");
        html.Add($"""
            <button type="button" class="plain" id="confusion-all" hidden>All {matrix.ClassCount} classes</button>
            </div>
            <div class="chart needs-script" id="confusion-chart" role="img" aria-label="Heat map of the confusion matrix; {elsewhere}"></div>
            <p class="ramps needs-script">
            <span class="ramp">right 0 <i></i> <span id="confusion-most-right"></span></span>
            <span class="ramp wrong">wrong 0 <i></i> <span id="confusion-most-wrong"></span></span>
            </p>

            """);
        if (inTable)
            Table(html, "confusion-table", "The counts as a table", matrix);
        else
            html.Add($"<noscript><p>The heat map of {matrix.ClassCount} classes is drawn by a script; {elsewhere}.</p></noscript>\n");
    }

    /// <summary>A matrix as a table, folded away under its name.</summary>
    internal static void Table(Markup html, string id, string name, ConfusionMatrix matrix)
    {
        var classes = Enumerable.Range(0, matrix.ClassCount).ToArray();
        var mostRight = classes.Max(c => matrix[c, c]);
        var mostWrong = classes.Max(actual => classes.Max(guess => actual == guess ? 0 : matrix[actual, guess]));
        html.Add($"""
            <details class="as-table"><summary>{name}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix" id="{id}">
            <thead><tr><th scope="col">Truth ↓ &nbsp; Answer →</th>
            """);
        html.AddEach(matrix.Labels, (row, label) => row.Add($"""<th scope="col"><span>{label}</span></th>""")).Add($"</tr></thead>\n<tbody>\n");
        foreach (var actual in classes)
        {
            html.Add($"""<tr><th scope="row">{matrix.Labels[actual]}</th>""");
            foreach (var guess in classes)
            {
                var share = matrix[actual, guess] / Math.Max(actual == guess ? mostRight : mostWrong, double.Epsilon);
                html.Add($"""<td class="{(actual == guess ? "hit" : "")}" style="--v:{share:0.###}">{Figures.Count(matrix[actual, guess])}</td>""");
            }

            html.Add($"</tr>\n");
        }

        html.Add($"</tbody></table></div></details>\n");
    }

    /// <summary>Sparse: for each true class the classes that were answered and how often, one after the other.</summary>
    public override void WriteData(Utf8JsonWriter json, ReportContent content)
    {
        var matrix = content.Evaluation.ConfusionMatrix;
        json.WriteStartArray("confusion");
        for (var actual = 0; actual < matrix.ClassCount; actual++)
        {
            json.WriteStartArray();
            for (var guess = 0; guess < matrix.ClassCount; guess++)
            {
                if (matrix[actual, guess] == 0) continue;
                json.WriteNumberValue(guess);
                json.WriteNumberValue(matrix[actual, guess]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
