using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>How the classes were learnt: F1, precision, recall and weight of each over the epochs, each class to be switched on and off.</summary>
public sealed class TrainingClassesSection : HistorySection
{
    /// <summary>So many classes are all shown at first; of more only the worst are.</summary>
    private const int FewClasses = 6;
    private const int WorstClasses = 5;

    /// <summary>About how many characters the numbers may have; of more, epochs are left out.</summary>
    private const long Budget = 800_000;

    /// <inheritdoc/>
    public override string Id => "training-classes";

    /// <inheritdoc/>
    public override string Title => "Classes by epoch";

    /// <inheritdoc/>
    public override string Script => ReportAssets.Read("TrainingClassesSection.js");

    internal override Markup? Lead(TrainingFacts facts)
    {
        var lead = new Markup().Add($"Whether each class is learnt, and stays learnt.");
        if (facts.History.Labels.Count > FewClasses)
            lead.Add($"""<span class="needs-script"> The {WorstClasses} weakest are shown; switch on others below the chart.</span>""");
        return AddThinning(lead, facts, Shown(facts));
    }

    internal override void Render(Markup html, TrainingFacts facts)
    {
        html.Add($"""
            <div class="tools needs-script">
            <div class="switch" id="training-classes-mode" role="group" aria-label="What the chart shows">
            <button type="button" value="f1" aria-pressed="true">F1</button>
            <button type="button" value="precision" aria-pressed="false">Precision</button>
            <button type="button" value="recall" aria-pressed="false">Recall</button>

            """);
        if (WeightsChange(facts.History)) html.Add($"""<button type="button" value="weight" aria-pressed="false">Weight in the loss</button>""");
        html.Add($"</div>\n");
        AddPartSwitch(html, facts);
        html.Add($"""
            </div>
            <div class="chart short needs-script" id="training-classes-chart" role="img"
              aria-label="The classes by epoch; their values in the best epoch are in the table below"></div>

            """);
        Switches(html, facts);
        Table(html, facts);
    }

    private static void Switches(Markup html, TrainingFacts facts)
    {
        var (labels, counts) = (facts.History.Labels, facts.Judged(facts.Reference)!.Confusion);
        var shown = labels.Count <= FewClasses ? labels.Count : WorstClasses;
        html.Add($"""
            <fieldset class="class-switches needs-script" id="training-classes-switches">
            <legend>Classes, weakest first, with F1 in epoch {facts.Reference.Epoch}</legend>
            <p class="tools">
            <button type="button" class="plain" value="worst">Weakest {Math.Min(WorstClasses, labels.Count)}</button>
            <button type="button" class="plain" value="all">All</button>
            <button type="button" class="plain" value="none">None</button>
            </p><div class="class-list">

            """);
        foreach (var (rank, index) in facts.WorstFirst.Index())
        {
            html.Add($"""<label data-rank="{rank}"><input type="checkbox" value="{index}" {(rank < shown ? "checked" : "")}>""");
            html.Add($"""<i class="line-{rank / 8 % 3}" style="--c:var(--series-{rank % 8})"></i>""");
            html.Add($"<span>{labels[index]}</span> <b>{Figures.Score(counts.F1(index))}</b></label>\n");
        }

        html.Add($"</div></fieldset>\n");
    }

    private static void Table(Markup html, TrainingFacts facts)
    {
        var history = facts.History;
        var (first, reference) = (history.Epochs.First(epoch => facts.Judged(epoch) is not null), facts.Reference);
        var last = history.Epochs.Last(epoch => facts.Judged(epoch) is not null);
        var weights = history.Epochs.Any(epoch => epoch.ClassWeights is not null);
        TableColumn[] columns =
        [
            TableColumn.Text("Class"), TableColumn.Number($"F1, epoch {reference.Epoch}"), TableColumn.Number("Precision"), TableColumn.Number("Recall"),
            TableColumn.Number("Images"), TableColumn.Number($"F1, epoch {first.Epoch}"), TableColumn.Number($"F1, epoch {last.Epoch}"),
            .. weights ? (TableColumn[])[TableColumn.Number("Weight in the loss")] : [],
        ];
        var name = $"The classes in {(facts.ReferenceIsBest ? "the best epoch" : "the last epoch")} as a table ({facts.JudgedName})";
        html.AddFoldedTable("training-classes-table", name, columns, table =>
        {
            var counts = facts.Judged(reference)!.Confusion;
            foreach (var index in facts.WorstFirst)
            {
                table.AddRow(columns,
                [
                    history.Labels[index], Figures.Score(counts.F1(index)), Figures.Score(counts.Precision(index)), Figures.Score(counts.Recall(index)),
                    Figures.Count(counts.Support(index)),
                    Figures.Score(facts.Judged(first)!.Confusion.F1(index)), Figures.Score(facts.Judged(last)!.Confusion.F1(index)),
                    .. weights ? (string[])[Figures.Value(reference.ClassWeights?[index] ?? 1)] : [],
                ]);
            }
        });
    }

    private static bool WeightsChange(TrainingHistory history)
    {
        var first = history.Epochs[0].ClassWeights;
        return history.Epochs.Any(epoch => !(epoch.ClassWeights ?? []).SequenceEqual(first ?? []));
    }

    private static IReadOnlyList<EpochRecord> Shown(TrainingFacts facts) =>
        facts.Thinned(_ => 12L * facts.PartNames.Count * facts.History.Labels.Count, Budget);

    /// <summary>
    /// Per part and epoch the right answers, the answers and the images of each class, of which precision, recall and F1 are made; null where
    /// an epoch has not the part. The images of a class are left out where they are as many as in the epoch before.
    /// </summary>
    internal override void WriteData(Utf8JsonWriter json, TrainingFacts facts)
    {
        var (history, shown) = (facts.History, Shown(facts));
        json.WriteStartObject("trainingClasses");
        json.WriteLabels(history);
        json.WriteNumbers("epochs", shown.Select(epoch => (double)epoch.Epoch));
        json.WriteStartObject("parts");
        foreach (var name in facts.PartNames)
        {
            json.WriteStartArray(name);
            long[] before = [];
            foreach (var epoch in shown)
                Write(json, TrainingFacts.PartOf(epoch, name)?.Confusion, ref before);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (WeightsChange(history))
        {
            json.WriteStartArray("weights");
            foreach (var epoch in shown)
                json.WriteNumbers(epoch.ClassWeights ?? [.. Enumerable.Repeat(1.0, history.Labels.Count)]);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ConfusionCounts? counts, ref long[] before)
    {
        if (counts is null)
        {
            json.WriteNullValue();
            return;
        }

        var classes = Enumerable.Range(0, counts.ClassCount);
        long[] support = [.. classes.Select(counts.Support)];
        json.WriteStartArray();
        Write(json, classes.Select(index => counts[index, index]));
        Write(json, classes.Select(counts.Predicted));
        if (!support.SequenceEqual(before))
            Write(json, support);
        json.WriteEndArray();
        before = support;
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<long> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
