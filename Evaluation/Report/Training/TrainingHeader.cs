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
        new("parameters learnt", Figures.Count(history.ParameterCount)),
        new("classes", Figures.Count(history.Labels.Count)),
        new("best epoch by", (history.Monitor, history.MonitorHigherIsBetter) switch
        {
            ("", _) => "nothing",
            (var monitor, true) => $"{monitor}, higher is better",
            (var monitor, false) => $"{monitor}, lower is better",
        }),
        .. history.Settings.Select(setting => new ReportFact(SettingText.NameOf(setting.Key), SettingText.ValueOf(setting.Value))),
    ]);

    private static void Verdict(Markup html, TrainingFacts facts)
    {
        var (epoch, part) = (facts.Reference, facts.Judged(facts.Reference)!);
        html.Add($"""
            <div class="verdict"><p>Right on <strong>{Figures.Percent(part.Accuracy)}</strong> of the {facts.JudgedName} images
            in {(facts.ReferenceIsBest ? "its best epoch" : "epoch")} {epoch.Epoch}, macro F1 {Figures.Score(part.MacroF1)}.</p>
            <p>{TrainingWords.Weakest(facts)}{TrainingWords.Stop(facts.History)}</p></div>

            """);
    }

    private static void Numbers(Markup html, TrainingFacts facts)
    {
        var (history, epoch) = (facts.History, facts.Reference);
        var part = facts.Judged(epoch)!;
        var samples = Figures.Count(Math.Round(history.Epochs.Average(each => (double)each.Training.Confusion.Total)));
        var speed = Figures.Count(Math.Round(Median(history.Epochs.Select(each => each.SamplesPerSecond))));
        string OfTraining(string value) => facts.HasValidation ? $"training {value}" : "";
        (string Name, string Value, string Detail)[] numbers =
        [
            ($"Accuracy, {facts.JudgedName}", Figures.Percent(part.Accuracy), OfTraining(Figures.Percent(epoch.Training.Accuracy))),
            ($"Loss, {facts.JudgedName}", Figures.Value(part.Loss), OfTraining(Figures.Value(epoch.Training.Loss))),
            ("Best epoch", history.BestEpoch is { } best ? Figures.Count(best) : "n/a", $"of {Figures.Count(history.Epochs.Count)}"),
            ("Time", Figures.Duration(history.Epochs.Sum(each => each.Seconds)), $"{samples} images an epoch"),
            ("Speed", $"{speed} /s", "training images, median of the epochs"),
            ("Parameters learnt", Figures.Count(history.ParameterCount), history.Network),
        ];
        html.Add($"""<dl class="numbers thirds">""").AddEach(numbers, (list, one) => list.Add(
            $"""<div class="number"><dt class="plain">{one.Name}</dt><dd class="value">{one.Value}</dd><dd class="detail">{one.Detail}</dd></div>"""));
        html.Add($"</dl>\n");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
