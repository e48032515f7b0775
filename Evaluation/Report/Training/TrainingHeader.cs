using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>The top of the report of a training: what was trained, how good it became, and with which settings.</summary>
internal static class TrainingHeader
{
    /// <summary>Writes heading, verdict, warnings and headline numbers.</summary>
    public static void Render(Markup html, TrainingFacts facts, ReportDetails details)
    {
        html.Add($"""<p class="kind">Training report</p><h1 id="top-title">{details.Title}</h1>""");
        if (!string.IsNullOrWhiteSpace(details.Subtitle)) html.Add($"""<p class="subtitle">{details.Subtitle}</p>""");
        if (facts.History.Epochs.Count == 0)
        {
            html.Add($"""<div class="verdict"><p>No epoch was completed.</p><p>{TrainingWords.Stop(facts.History)}</p></div>""");
        }
        else
        {
            Verdict(html, facts);
            Numbers(html, facts);
        }

        SummarySection.Warnings(html, details.Warnings);
    }

    /// <summary>The settings of the training as a group of facts.</summary>
    public static ReportGroup Settings(TrainingHistory history) => new("Training",
    [
        new("network", history.Network),
        new("parameters", Figures.Count(history.ParameterCount)),
        new("classes", Figures.Count(history.Labels.Count)),
        new("best epoch by", history.Monitor.Length == 0 ? "nothing" : $"{history.Monitor}, {(history.MonitorHigherIsBetter ? "higher" : "lower")} is better"),
        .. history.Settings.Select(setting => new ReportFact(setting.Key, setting.Value)),
    ]);

    private static void Verdict(Markup html, TrainingFacts facts)
    {
        var (epoch, part) = (facts.Reference, facts.Judged(facts.Reference)!);
        html.Add($"""
            <div class="verdict"><p>Right on <strong>{Figures.Percent(part.Accuracy)}</strong> of the {facts.JudgedName} images
            in {(facts.ReferenceIsBest ? "its best epoch" : "epoch")} {epoch.Epoch}, macro F1 {Figures.Value(part.MacroF1)}.</p>
            <p>{TrainingWords.Weakest(facts)}{TrainingWords.Stop(facts.History)}</p></div>

            """);
    }

    private static void Numbers(Markup html, TrainingFacts facts)
    {
        var (history, epoch) = (facts.History, facts.Reference);
        var part = facts.Judged(epoch)!;
        var samples = history.Epochs.Sum(each => (double)each.Training.Confusion.Total);
        (string Name, string Value, string Detail)[] numbers =
        [
            ($"Accuracy, {facts.JudgedName}", Figures.Percent(part.Accuracy), facts.HasValidation ? $"training {Figures.Percent(epoch.Training.Accuracy)}" : ""),
            ($"Loss, {facts.JudgedName}", Figures.Value(part.Loss), facts.HasValidation ? $"training {Figures.Value(epoch.Training.Loss)}" : ""),
            ("Best epoch", history.BestEpoch is { } best ? Figures.Count(best) : "n/a", $"of {Figures.Count(history.Epochs.Count)}"),
            ("Time", Figures.Duration(history.Epochs.Sum(each => each.Seconds)), $"{Figures.Count(Math.Round(samples / history.Epochs.Count))} images an epoch"),
            ("Speed", $"{Figures.Count(Math.Round(Median(history.Epochs.Select(each => each.SamplesPerSecond))))} /s", "training images, median of the epochs"),
            ("Parameters", Figures.Count(history.ParameterCount), history.Network),
        ];
        html.Add($"""<dl class="numbers thirds">""").AddEach(numbers, (list, one) => list.Add(
            $"""<div class="number"><dt class="plain">{one.Name}</dt><dd class="value">{one.Value}</dd><dd class="detail">{one.Detail}</dd></div>""")).Add($"</dl>\n");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
