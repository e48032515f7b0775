using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>Whether its confidence holds what it promises: reliability diagram and confidence histogram, before and after the temperature.</summary>
public sealed class CalibrationSection : ReportSection
{
    /// <inheritdoc/>
    public override string Id => "calibration";

    /// <inheritdoc/>
    public override string Title => "Calibration";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("CalibrationSection.js");

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.Calibration.Bins.Any(bin => bin.Weight > 0);

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add(
        $"""
        Of all answers given with 80 % confidence, 80 % should be right: then the bars end at the dashed line. Below it the model promises too much,
        above it too little. A pale bar stands for fewer than 20 images.
        """);

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        if (content.Details.Calibration is { } comparison) Compare(html, comparison, content.Evaluation);
        html.Add($"""<div class="charts">""").Add($"\n");
        foreach (var (index, (name, evaluation)) in Shown(content).Index())
        {
            var calibration = evaluation.Calibration;
            html.Add($"""
                <div>
                <h3>{name}</h3>
                <p class="legend">
                <span class="key">right</span>
                <span class="key too-much">promised, not held</span>
                <span class="key too-little">held, not promised</span>
                <span class="key diagonal">as promised</span>
                </p>
                <div class="chart needs-script" id="reliability-{index}" role="img"
                  aria-label="Reliability diagram, {name}: calibration error {Figures.PercentOfError(calibration.ExpectedError)}"></div>
                {BinTable(calibration, index)}
                </div>
                <div>
                <h3>Confidence{(content.Details.Calibration is null ? "" : $", {char.ToLowerInvariant(name[0])}{name[1..]}")}</h3>
                <p class="legend"><span class="key">right answers</span><span class="key wrong">wrong answers</span></p>
                <div class="chart needs-script" id="confidence-{index}" role="img"
                  aria-label="Histogram of the confidence of right and wrong answers, {name}"></div>
                </div>

                """);
        }

        html.Add($"</div>\n");
    }

    private static IReadOnlyList<(string Name, ClassificationEvaluation Evaluation)> Shown(ReportContent content) =>
        content.Details.Calibration is { } comparison
        ? [("Before, at temperature 1", comparison.Before), (FormattableString.Invariant($"After, at temperature {comparison.Temperature:0.###}"), content.Evaluation)]
        : [("Reliability", content.Evaluation)];

    private static void Compare(Markup html, TemperatureComparison comparison, ClassificationEvaluation after)
    {
        (Metric Metric, Func<double, string> Print)[] metrics =
        [
            (ScoreMetrics.ExpectedCalibrationError, Figures.PercentOfError), (ScoreMetrics.MaximumCalibrationError, Figures.PercentOfError),
            (ScoreMetrics.LogLoss, Figures.Value), (ScoreMetrics.Brier, Figures.Value),
        ];
        TableColumn[] columns =
        [
            TableColumn.Text("Lower is better"), TableColumn.Number("Before, T = 1"),
            TableColumn.Number(FormattableString.Invariant($"After, T = {comparison.Temperature:0.###}")),
        ];
        html.Add($"""<div class="compare">""").AddTable("calibration-table", columns, table => table.AddEach(
            metrics, (rows, one) => rows.AddRow(columns, one.Metric.Name, one.Print(comparison.Before[one.Metric]), one.Print(after[one.Metric])))).Add($"</div>\n");
    }

    private static Markup BinTable(Calibration calibration, int index)
    {
        TableColumn[] columns = [TableColumn.Text("Confidence"), TableColumn.Number("Images"), TableColumn.Number("Promised"), TableColumn.Number("Right")];
        return new Markup().AddFoldedTable($"bins-{index}", "The bins as a table", columns, table =>
        {
            foreach (var bin in calibration.Bins.Where(bin => bin.Count > 0))
            {
                table.AddRow(
                    columns, Figures.PercentRange(bin.Lower, bin.Upper) + "\u00A0%",
                    Figures.Count(bin.Count), Figures.Percent(bin.MeanConfidence), Figures.Percent(bin.Accuracy));
            }
        });
    }

    /// <summary>Per calibration its bins that hold rows [lower, upper, rows, confidence, accuracy] and its bars [lower, upper, right, wrong].</summary>
    public override void WriteData(Utf8JsonWriter json, ReportContent content)
    {
        json.WriteStartArray("calibrations");
        foreach (var (_, evaluation) in Shown(content))
        {
            json.WriteStartObject();
            json.WriteStartArray("bins");
            foreach (var bin in evaluation.Calibration.Bins.Where(bin => bin.Weight > 0))
                Numbers(json, bin.Lower, bin.Upper, bin.Count, bin.MeanConfidence, bin.Accuracy);
            json.WriteEndArray();
            json.WriteStartArray("bars");
            foreach (var bar in evaluation.Calibration.Histogram)
                Numbers(json, bar.Lower, bar.Upper, bar.Right, bar.Wrong);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
