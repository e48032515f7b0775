using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>docs/metrics.md says what the code computes.</summary>
[TestClass]
public sealed class MetricsPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(TestData.Repository, "docs", "metrics.md"));

    [TestMethod]
    public void The_table_of_metrics_is_the_list_of_metrics() => TableIs(
        "<!-- Metric.All -->", Metric.All.Select(each => (each.Name, each.Key, each.Formula, each.Direction, each.Source)));

    [TestMethod]
    public void The_table_of_metrics_of_a_class_is_the_list_of_them() => TableIs(
        "<!-- ClassMetrics.All -->", ClassMetrics.All.Select(each => (each.Name, each.Key, each.Formula, each.Direction, each.Source)));

    private static void TableIs(
        string marker, IEnumerable<(string Name, string Key, string Formula, MetricDirection Direction, string Source)> metrics)
    {
        string[] expected =
        [
            "| metric | key | formula | better | source |",
            "|---|---|---|---|---|",
            .. metrics.Select(each => $"| {each.Name} | `{each.Key}` | {Cell(each.Formula)} | {Better(each.Direction)} | {Cell(each.Source)} |"),
        ];
        string[] found = [.. Lines.SkipWhile(line => line != marker).Skip(1).TakeWhile(line => line.StartsWith('|'))];
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', found),
            "docs/metrics.md is not what the code says; its table must be the expected one.");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Better(MetricDirection direction) => direction switch
    {
        MetricDirection.HigherIsBetter => "higher",
        MetricDirection.LowerIsBetter => "lower",
        _ => "",
    };
}
