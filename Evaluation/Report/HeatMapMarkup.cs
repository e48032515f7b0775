using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>What stands around a heat map of a confusion matrix: its switches, its key, the matrix as a table; heatmap.js finds all of it by id.</summary>
internal static class HeatMapMarkup
{
    /// <summary>A matrix of more classes is not shown as a table.</summary>
    public const int MostClassesInTable = 30;

    /// <summary>Of more classes, a button shows so many of the worst.</summary>
    public const int MostClassesAtAGlance = 20;

    /// <summary>The switch of what a cell shows, the order of classes, and the buttons for a part of many classes.</summary>
    public static Markup AddHeatMapControls(this Markup html, string id, int classes)
    {
        html.Add($"""
            <div class="switch" id="{id}-mode" role="group" aria-label="What a cell shows">
            <button type="button" value="counts" aria-pressed="true">Counts</button>
            <button type="button" value="actual" aria-pressed="false">% of truth</button>
            <button type="button" value="predicted" aria-pressed="false">% of answers</button>
            </div>
            <label class="field">Order <select id="{id}-order">
            <option value="given">as in the model</option>
            <option value="worst">worst first</option>
            <option value="support">most images first</option>
            <option value="name">by name</option>
            </select></label>

            """);
        if (classes > MostClassesAtAGlance)
            html.Add($"""<button type="button" class="plain" id="{id}-worst">The {MostClassesAtAGlance} worst classes</button>""");
        return html.Add($"""
            <button type="button" class="plain" id="{id}-all" hidden>All {classes} classes</button>

            """);
    }

    /// <summary>The place of the picture, described by <paramref name="description"/>, and the key of its colours.</summary>
    public static Markup AddHeatMap(this Markup html, string id, string description) => html.Add($"""
        <div class="chart needs-script" id="{id}-chart" role="img" aria-label="{description}"></div>
        <p class="ramps needs-script">
        <span class="ramp">right 0 <i></i> <span id="{id}-most-right"></span></span>
        <span class="ramp wrong">wrong 0 <i></i> <span id="{id}-most-wrong"></span></span>
        </p>

        """);

    /// <summary>A matrix as a table, folded away under its name; of too many classes only the word, for readers without a script, where else to look.</summary>
    public static Markup AddMatrixTable(this Markup html, string id, string name, ConfusionMatrix matrix, string elsewhere)
    {
        if (matrix.ClassCount > MostClassesInTable)
            return html.Add($"<noscript><p>The heat map of {matrix.ClassCount} classes is drawn by a script; {elsewhere}.</p></noscript>\n");

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

        return html.Add($"</tbody></table></div></details>\n");
    }

    /// <summary>A matrix without its zeros, as <c>sparseRows</c> of heatmap.js reads it: for each true class the classes that were answered and how often.</summary>
    public static void WriteSparseRows(this Utf8JsonWriter json, int classes, IEnumerable<(int Actual, int Predicted, double Count)> cells)
    {
        var rows = cells.ToLookup(cell => cell.Actual);
        json.WriteStartArray();
        for (var actual = 0; actual < classes; actual++)
        {
            json.WriteStartArray();
            foreach (var (_, predicted, count) in rows[actual])
            {
                json.WriteNumberValue(predicted);
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
