namespace MLPipelines.Evaluation;

/// <summary>What ML.NET’s own evaluator says of the same rows, beside ours.</summary>
public sealed class BuiltInMetricsSection : ReportSection
{
    private const int MostTopK = 9;

    /// <inheritdoc/>
    public override string Id => "mlnet";

    /// <inheritdoc/>
    public override string Title => "ML.NET’s own numbers";

    /// <inheritdoc/>
    public override string Width => "half";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContent content) => content.Evaluation.MLNet is not null;

    /// <inheritdoc/>
    public override Markup? Lead(ReportContent content) => new Markup().Add(
        $"From its built-in evaluator on the same rows. Where rows have unknown labels they count as wrong there and are left out here.");

    /// <inheritdoc/>
    public override void Render(Markup html, ReportContent content)
    {
        var (evaluation, mlnet) = (content.Evaluation, content.Evaluation.MLNet!);
        (string Name, double Theirs, Metric Ours, string Here)[] rows =
        [
            ("MicroAccuracy", mlnet.MicroAccuracy, LabelMetrics.Accuracy, "accuracy"),
            ("MacroAccuracy", mlnet.MacroAccuracy, LabelMetrics.BalancedAccuracy, "balanced accuracy"),
            ("LogLoss", mlnet.LogLoss, ScoreMetrics.LogLoss, "log-loss"),
            ("LogLossReduction", mlnet.LogLossReduction, ScoreMetrics.LogLossReduction, "log-loss reduction"),
        ];
        TableColumn[] columns = [TableColumn.Text("ML.NET"), TableColumn.Number("Its value"), TableColumn.Number("Ours"), TableColumn.Text("Our name")];
        html.AddTable("mlnet-table", columns, table =>
        {
            foreach (var row in rows)
            {
                var direction = row.Ours.Direction;
                table.AddRow(columns, row.Name, Figures.Of(direction, row.Theirs), Figures.Of(direction, evaluation[row.Ours]), row.Here);
            }

            var both = mlnet.TopKAccuracy.Zip(evaluation.TopKAccuracy).Index().Skip(1).Take(MostTopK);
            foreach (var (index, (theirs, ours)) in both)
                table.AddRow(columns, $"TopKAccuracy, k = {index + 1}", Figures.Score(theirs), Figures.Score(ours), $"top-{index + 1} accuracy");
        });
    }
}
