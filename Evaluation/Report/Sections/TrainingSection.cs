using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>How the training went: loss, accuracy and learning rate over the epochs, and every epoch in a table.</summary>
public sealed class TrainingSection : HistorySection
{
    /// <summary>So many decimals of shares the page has; they are cut here, so that none is rounded up on its way to the reader.</summary>
    private const int ShareDecimals = 6;
    private const int MostStretches = 2_000;

    /// <inheritdoc/>
    public override string Id => "training";

    /// <inheritdoc/>
    public override string Title => "Training";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("TrainingSection.js");

    internal override Markup? Lead(TrainingFacts facts) => new Markup().Add($"{TrainingWords.Course(facts)} {TrainingWords.Overfitting(facts)}");

    internal override void Render(Markup html, TrainingFacts facts)
    {
        var history = facts.History;
        html.Add($"""<p class="legend needs-script">""");
        if (facts.HasValidation) html.Add($"""<span class="key line validation">validation</span>""");
        html.Add($"""<span class="key line training">training</span>""");
        if (Stretches(history).Count > 0) html.Add($"""<span class="key line stretch">training, within epochs</span>""");
        if (history.BestEpoch is { } best) html.Add($"""<span class="key mark best">best epoch, {best}</span>""");
        if (EndsEarly(history) is { } end) html.Add($"""<span class="key mark end">{end}</span>""");
        if (history.Epochs.Any(epoch => epoch.LearningRateDropped)) html.Add($"""<span class="key mark drop">learning rate lowered</span>""");
        html.Add($"""
            </p>
            <div class="charts needs-script">
            <div><div class="chart-head"><h3>Loss</h3></div>
            <div class="chart short" id="training-loss" role="img" aria-label="Loss by epoch; the same numbers are in the table below"></div></div>
            <div><div class="chart-head"><h3 id="training-share-name">Accuracy</h3>
            <div class="switch" id="training-share-mode" role="group" aria-label="What the chart shows">
            <button type="button" value="accuracy" aria-pressed="true">Accuracy</button>
            <button type="button" value="macroF1" aria-pressed="false">Macro F1</button>
            </div></div>
            <div class="chart short" id="training-share" role="img" aria-label="Accuracy by epoch; the same numbers are in the table below"></div></div>
            <div><div class="chart-head"><h3>Learning rate</h3></div>
            <div class="chart short" id="training-rate" role="img" aria-label="Learning rate by epoch; the same numbers are in the table below"></div></div>
            </div>

            """);
        Table(html, facts);
    }

    private static void Table(Markup html, TrainingFacts facts)
    {
        TableColumn[] columns =
        [
            TableColumn.Text("Epoch"),
            .. (facts.HasValidation ? (string[])["Val. loss", "Val. accuracy", "Val. macro F1"] : []).Select(TableColumn.Number),
            TableColumn.Number("Loss"), TableColumn.Number("Accuracy"), TableColumn.Number("Macro F1"),
            TableColumn.Text("Worst class"), TableColumn.Number("Its F1"), TableColumn.Number("Learning rate"), TableColumn.Number("Time"),
        ];
        html.AddFoldedTable("training-table", "The epochs as a table", columns, table =>
        {
            foreach (var epoch in facts.History.Epochs)
            {
                var worst = facts.WorstClass(epoch);
                table.AddRow(columns,
                [
                    $"{epoch.Epoch}{(epoch.Epoch == facts.History.BestEpoch ? " (best)" : "")}{(epoch.LearningRateDropped ? " (rate lowered)" : "")}",
                    .. facts.HasValidation ? Numbers(epoch.Validation) : [],
                    .. Numbers(epoch.Training),
                    worst is { } index ? facts.History.Labels[index] : "n/a",
                    worst is { } of ? Figures.Score(facts.Judged(epoch)!.Confusion.F1(of)) : "n/a",
                    Figures.Value(epoch.LearningRate), Figures.Duration(epoch.Seconds),
                ]);
            }
        });
    }

    private static string[] Numbers(PartRecord? part) =>
        part is null ? ["n/a", "n/a", "n/a"] : [Figures.Value(part.Loss), Figures.Percent(part.Accuracy), Figures.Score(part.MacroF1)];

    /// <summary>The end in words, where it came before all epochs were done.</summary>
    private static string? EndsEarly(TrainingHistory history) =>
        history.Stop is null or StopReason.Finished ? null : TrainingWords.ShortStop(history.Stop);

    /// <summary>Per stretch of training batches its place, in epochs, and its loss; thinned to what a chart can show.</summary>
    private static IReadOnlyList<(double Place, double Loss)> Stretches(TrainingHistory history)
    {
        BatchRecord[] batches = [.. history.Batches.Where(batch => batch.Part == BatchRecord.TrainingPart)];
        if (batches.Length == 0)
            return [];
        var perEpoch = batches.Max(batch => batch.Batch);
        var step = (batches.Length + MostStretches - 1) / MostStretches;
        return [.. batches.Where((_, index) => index % step == 0).Select(batch => (batch.Epoch - 1 + ((double)batch.Batch / perEpoch), batch.Loss))];
    }

    internal override void WriteData(Utf8JsonWriter json, TrainingFacts facts)
    {
        var history = facts.History;
        json.WriteStartObject("training");
        json.WriteNumbers("epochs", history.Epochs.Select(epoch => (double)epoch.Epoch));
        json.WriteNumbers("rate", history.Epochs.Select(epoch => epoch.LearningRate));
        json.WriteNumbers("drops", history.Epochs.Where(epoch => epoch.LearningRateDropped).Select(epoch => (double)epoch.Epoch));
        json.WriteNumbers("best", history.BestEpoch is { } best ? [best] : []);
        json.WriteString("end", EndsEarly(history));
        json.WriteStartObject("parts");
        foreach (var name in facts.PartNames)
        {
            json.WriteStartObject(name);
            json.WriteNumbers("loss", Of(part => part.Loss));
            json.WriteNumbers("accuracy", Of(part => ShownDigits.Down(part.Accuracy, ShareDecimals)));
            json.WriteNumbers("macroF1", Of(part => ShownDigits.Down(part.MacroF1, ShareDecimals)));
            json.WriteEndObject();

            IEnumerable<double> Of(Func<PartRecord, double> value) =>
                history.Epochs.Select(epoch => TrainingFacts.PartOf(epoch, name) is { } part ? value(part) : double.NaN);
        }

        json.WriteEndObject();
        json.WriteNumbers("stretchAt", Stretches(history).Select(stretch => stretch.Place));
        json.WriteNumbers("stretchLoss", Stretches(history).Select(stretch => stretch.Loss));
        json.WriteEndObject();
    }
}
