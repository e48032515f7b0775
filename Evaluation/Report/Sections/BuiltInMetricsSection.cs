namespace MLPipelines.Evaluation;

/// <summary>What ML.NET’s own evaluator says of the same rows, beside ours.</summary>
public sealed class BuiltInMetricsSection : ReportSection
{
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
        (string Name, double Theirs, double Ours, string Here)[] rows =
        [
            ("MicroAccuracy", mlnet.MicroAccuracy, evaluation[LabelMetrics.Accuracy], "accuracy"),
            ("MacroAccuracy", mlnet.MacroAccuracy, evaluation[LabelMetrics.BalancedAccuracy], "balanced accuracy"),
            ("LogLoss", mlnet.LogLoss, evaluation[ScoreMetrics.LogLoss], "log-loss"),
            ("LogLossReduction", mlnet.LogLossReduction, evaluation[ScoreMetrics.LogLossReduction], "log-loss reduction"),
        ];
        html.Add($"""
            <div class="scroll"><table id="mlnet-table">
            <thead><tr><th scope="col">ML.NET</th><th scope="col" class="n">Its value</th><th scope="col" class="n">Ours</th><th scope="col">Our name</th></tr></thead><tbody>

            """);
        html.AddEach(rows, (list, row) => list.Add($"""
            <tr><th scope="row">{row.Name}</th><td class="n">{Figures.Value(row.Theirs)}</td><td class="n">{Figures.Value(row.Ours)}</td><td>{row.Here}</td></tr>

            """));
        foreach (var (index, share) in mlnet.TopKAccuracy.Index().Skip(1).Where(pair => pair.Index < evaluation.TopKAccuracy.Count).Take(9))
        {
            html.Add($"""
                <tr><th scope="row">TopKAccuracy, k = {index + 1}</th><td class="n">{Figures.Value(share)}</td><td class="n">{Figures.Value(evaluation.TopKAccuracy[index])}</td><td>top-{index + 1} accuracy</td></tr>

                """);
        }

        html.Add($"</tbody></table></div>\n");
    }
}
