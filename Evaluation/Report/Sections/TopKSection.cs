using System.Globalization;
using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>How often the truth is among the first k answers, for every k.</summary>
public sealed class TopKSection : ReportSection
{
    /// <summary>The k of the table: the first ten, then 20, 50, 100, 200, 500, …</summary>
    private static IEnumerable<int> Listed(int count)
    {
        for (var k = 1; k <= count; k++)
        {
            var decade = (int)Math.Pow(10, Math.Floor(Math.Log10(k)));
            if (k <= 10 || k == decade || k == 2 * decade || k == 5 * decade) yield return k;
        }
    }

    /// <inheritdoc/>
    public override string Id => "topk";

    /// <inheritdoc/>
    public override string Title => "Top-k accuracy";

    /// <inheritdoc/>
    public override string Width => "half";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("TopKSection.js");

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.TopKAccuracy.Count > 2 && content.Evaluation.Rows.Used > 0;

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add(
        $"How often the truth is among its first k answers. Among equal scores the class that stands first in the model comes first.");

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var shares = content.Evaluation.TopKAccuracy;
        html.Add($"""
            <div class="chart needs-script" id="topk-chart" role="img" aria-label="Top-k accuracy for k from 1 to {shares.Count}"></div>

            """);
        TableColumn[] columns = [TableColumn.Text("k"), TableColumn.Number("Truth among the first k")];
        html.AddFoldedTable("topk-table", "The values as a table", columns, rows => rows.AddEach(
            Listed(shares.Count), (table, k) => table.AddRow(columns, k.ToString(CultureInfo.InvariantCulture), Figures.Percent(shares[k - 1]))));
    }

    /// <inheritdoc/>
    public override void WriteData(Utf8JsonWriter json, ReportContent content)
    {
        json.WriteStartArray("topK");
        foreach (var share in content.Evaluation.TopKAccuracy)
            json.WriteNumberValue(Math.Round(share, 6));
        json.WriteEndArray();
    }
}
