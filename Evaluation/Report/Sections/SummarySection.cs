namespace MLPipelines.Evaluation;

/// <summary>Who, on what data, how good: the verdict in words, the headline numbers, the account of all rows, the warnings.</summary>
public sealed class SummarySection : ReportSection
{
    /// <summary>What each headline number means, in one line of plain words; its name and formula are the metric’s own.</summary>
    private static readonly (Metric Metric, string Meaning, Func<double, string> Print)[] Headlines =
    [
        (LabelMetrics.Accuracy, "The share of images that it got right.", Figures.Percent),
        (LabelMetrics.MacroF1, "F1, the balance of precision and recall, averaged over the classes; small ones count as much as large ones.", Figures.Score),
        (LabelMetrics.WeightedF1, "F1 averaged over the classes, each counting by its number of images.", Figures.Score),
        (ScoreMetrics.LogLoss, "How surprised it is by the truth: 0 is perfect, and being sure of something wrong costs most.", Figures.Value),
        (ScoreMetrics.ExpectedCalibrationError, "How far its confidence lies from how often it is right, on average.", Figures.PercentOfError),
        (ScoreMetrics.Brier, "The squared distance of its probabilities from the truth: 0 is perfect, 2 is sure and always wrong.", Figures.Value),
        (LabelMetrics.MatthewsCorrelation, "The correlation of answer and truth: 1 is perfect, 0 is no better than chance.", Figures.Score),
    ];

    /// <inheritdoc/>
    public override string Id => "top";

    /// <inheritdoc/>
    public override string Title => "";

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var (evaluation, details) = content;
        html.Add($"""<p class="kind">Evaluation report</p><h1 id="top-title">{details.Title}</h1>""");
        if (!string.IsNullOrWhiteSpace(details.Subtitle)) html.Add($"""<p class="subtitle">{details.Subtitle}</p>""");
        html.Add($"""<div class="verdict">{Verdict(evaluation)}</div>""");
        if (evaluation.Rows.Used > 0) Scale(html, evaluation);
        Numbers(html, evaluation);
        Account(html, evaluation, details);
        Warnings(html, [.. evaluation.Warnings, .. details.Warnings]);
        EveryMetric(html, evaluation);
    }

    private static Markup Verdict(ClassificationEvaluation evaluation)
    {
        var html = new Markup();
        var (used, counts, interval) = (evaluation.Rows.Used, evaluation.Counts, evaluation.AccuracyInterval);
        if (used == 0) return html.Add($"<p>None of the {Figures.Count(evaluation.Rows.Read, "row", "rows")} could be evaluated.</p>");

        var accuracy = evaluation[LabelMetrics.Accuracy];
        html.Add($"<p>Right on <strong>{Figures.Count(counts.Correct)} of {Figures.Count(used, "image", "images")}</strong>");
        html.Add($" ({Figures.Percent(accuracy)}{(evaluation.HasWeights ? " by weight" : "")}, ");
        html.Add($"{100 * interval.Level:0.##}\u00A0% interval {Figures.PercentRange(interval.Lower, interval.Upper)}).</p>");

        var sentences = new Markup();
        if (evaluation.PerClass.Count > 2 && evaluation.PerClass.Where(one => one.Support > 0).MinBy(one => one.F1) is { F1: < 1 } weakest)
        {
            sentences.Add($"Weakest class: <strong>{weakest.Label}</strong> (F1 {Figures.Score(weakest.F1)})");
            if (evaluation.MostConfused.FirstOrDefault(pair => pair.Actual == weakest.Index) is { } pair)
                sentences.Add($", most often taken for {pair.PredictedLabel}");
            sentences.Add($". ");
        }

        sentences.Add($"{Confidence(evaluation)}");
        return html.Add($"<p>{sentences}</p>");
    }

    /// <summary>Whether its confidence can be believed; empty where scores are no probabilities.</summary>
    private static string Confidence(ClassificationEvaluation evaluation)
    {
        var error = evaluation.Calibration.ExpectedError;
        if (double.IsNaN(error)) return "";
        if (error <= 0.02) return $"Its confidence can be believed: it is off by {Figures.Points(error)} points on average.";

        var filled = evaluation.Calibration.Bins.Where(bin => bin.Weight > 0).ToArray();
        var confidence = filled.Sum(bin => bin.Weight * bin.MeanConfidence) / filled.Sum(bin => bin.Weight);
        var accuracy = evaluation[LabelMetrics.Accuracy];
        return $"It is {(confidence > accuracy ? "over-confident" : "under-confident")}: {Figures.Percent(confidence)} sure on average, {Figures.Percent(accuracy)} right.";
    }

    private static void Scale(Markup html, ClassificationEvaluation evaluation)
    {
        var (accuracy, interval, matrix) = (evaluation[LabelMetrics.Accuracy], evaluation.AccuracyInterval, evaluation.ConfusionMatrix);
        if (double.IsNaN(accuracy)) return;

        var frequent = Enumerable.Range(0, matrix.ClassCount).MaxBy(matrix.Support);
        var baseline = matrix.Support(frequent) / matrix.Total;
        html.Add($"""
            <figure class="scale" aria-label="Accuracy on a scale from 0 to 100 %">
            <div class="track">
            <div class="fill" style="--v:{accuracy:0.####}"></div>
            <div class="baseline" style="--v:{baseline:0.####}"></div>
            <div class="interval" style="--from:{interval.Lower:0.####};--to:{interval.Upper:0.####}"></div>
            </div>
            <figcaption>
            <span class="key">Accuracy {Figures.Percent(accuracy)}</span>
            <span class="key interval">{100 * interval.Level:0.##}&nbsp;% interval {Figures.PercentRange(interval.Lower, interval.Upper)}</span>
            <span class="key baseline">Always answering {matrix.Labels[frequent]}: {Figures.Percent(baseline)}</span>
            </figcaption>
            </figure>

            """);
    }

    private static void Numbers(Markup html, ClassificationEvaluation evaluation)
    {
        html.Add($"""<dl class="numbers">""");
        foreach (var (metric, meaning, print) in Headlines)
        {
            var name = metric == ScoreMetrics.ExpectedCalibrationError ? "Calibration error" : metric.Name;
            Number(html, metric, name, meaning, print(evaluation[metric]), Detail(metric, evaluation));
            if (metric == LabelMetrics.WeightedF1 && TopK(evaluation) is { } k)
            {
                var share = Figures.Percent(evaluation.TopKAccuracy[k - 1]);
                Number(html, ScoreMetrics.TopKAccuracy(k), $"Top-{k} accuracy", $"The share of images whose truth is among its first {k} answers.", share, "");
            }
        }

        html.Add($"</dl>\n");
    }

    private static void Number(Markup html, Metric metric, string name, string meaning, string value, string detail) => html.Add($"""
        <div class="number">
        <dt tabindex="0" aria-describedby="define-{metric.Key}">{name}</dt>
        <dd class="value" data-metric="{metric.Key}">{value}</dd>
        <dd class="detail">{detail}</dd>
        <dd class="definition" role="tooltip" id="define-{metric.Key}">{meaning} <code>{metric.Formula}</code></dd>
        </div>

        """);

    /// <summary>The k of the headline: 5, or less where that would be most of the classes; null where there are too few.</summary>
    private static int? TopK(ClassificationEvaluation evaluation) => evaluation.TopKAccuracy.Count switch { >= 10 => 5, >= 6 => 3, >= 3 => 2, _ => null };

    private static string Detail(Metric metric, ClassificationEvaluation evaluation)
    {
        if (metric == LabelMetrics.Accuracy) return $"{Figures.PercentRange(evaluation.AccuracyInterval.Lower, evaluation.AccuracyInterval.Upper)}";
        if (metric == ScoreMetrics.LogLoss && evaluation.Labels.Count > 1) return $"guessing alike: {Figures.Value(Math.Log(evaluation.Labels.Count))}";
        if (metric == LabelMetrics.MacroF1) return Figures.Count(evaluation.PerClass.Count(one => !double.IsNaN(one.F1)), "class", "classes");
        return metric == ScoreMetrics.ExpectedCalibrationError ? $"at worst {Figures.PercentOfError(evaluation.Calibration.MaximumError)}" : "";
    }

    /// <summary>Read = used + everything that was left out, so that no row is lost silently.</summary>
    private static void Account(Markup html, ClassificationEvaluation evaluation, ReportDetails details)
    {
        var rows = evaluation.Rows;
        html.Add($"""<p class="account"><span><b>{Figures.Count(rows.Read + details.SkippedImages)}</b> read</span>""");
        html.Add($"""<span>= <b>{Figures.Count(rows.Used)}</b> used</span>""");
        (long Count, string Name)[] left =
        [
            (rows.UnknownLabel, "with an unknown label"), (rows.MissingLabel, "without a label"), (rows.InvalidScores, "with invalid scores"),
            (details.SkippedImages, "skipped images"),
        ];
        html.AddEach(left, (list, one) => list.Add(
            $"""<span class="{(one.Count > 0 ? "lost" : "")}">+ <b>{Figures.Count(one.Count)}</b> {one.Name}</span>""")).Add($"</p>\n");

        if (evaluation.UnknownLabels.Count == 0) return;

        const int listed = 10;
        var names = string.Join(", ", evaluation.UnknownLabels.Take(listed).Select(label => $"{label.Key} ({Figures.Count(label.Value)})"));
        var more = evaluation.UnknownLabels.Count > listed ? $" and {evaluation.UnknownLabels.Count - listed} more" : "";
        html.Add($"""<p class="hint">Unknown labels: {names}{more}</p>""");
    }

    /// <summary>The warnings in a box; nothing where there are none.</summary>
    internal static void Warnings(Markup html, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0) return;
        html.Add($"""<div class="warnings" role="note"><h2>Before you rely on these numbers</h2><ul>""");
        html.AddEach(warnings, (list, warning) => list.Add($"<li>{warning}</li>")).Add($"</ul></div>\n");
    }

    private static void EveryMetric(Markup html, ClassificationEvaluation evaluation)
    {
        TableColumn[] columns =
            [TableColumn.Text("Metric"), TableColumn.Number("Value"), TableColumn.Text("Better"), TableColumn.Text("Formula"), TableColumn.Text("Source")];
        html.AddFoldedTable("metrics-table", "Every metric with its formula", columns, table =>
        {
            foreach (var ((_, name, formula, source, direction, _), value) in evaluation.Metrics)
                table.AddRow(columns, name, Figures.Of(direction, value), Better(direction), formula, source);
        });
    }

    private static string Better(MetricDirection direction) => direction switch
    {
        MetricDirection.HigherIsBetter => "higher",
        MetricDirection.LowerIsBetter => "lower",
        _ => "",
    };
}
