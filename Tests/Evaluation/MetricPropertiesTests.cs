using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>What holds of every metric and all rows.</summary>
[TestClass]
public sealed class MetricPropertiesTests
{
    private const double Tolerance = 1e-12;

    [TestMethod]
    public void The_order_of_the_rows_does_not_matter() => DrawnRows.ForAll(drawn =>
        AreEqual(ClassificationEvaluation.Of(DrawnRows.Weighted(drawn)), ClassificationEvaluation.Of(DrawnRows.Weighted(drawn.Reverse()))));

    [TestMethod]
    public void All_rows_twice_are_as_good_as_once() => DrawnRows.ForAll(drawn =>
        AreEqual(ClassificationEvaluation.Of(DrawnRows.Plain(drawn)), ClassificationEvaluation.Of(DrawnRows.Plain([.. drawn, .. drawn]))));

    [TestMethod]
    public void A_row_of_weight_w_is_the_row_w_times_and_of_weight_0_no_row() => DrawnRows.ForAll(drawn =>
        AreEqual(
            ClassificationEvaluation.Of(DrawnRows.Weighted(drawn)),
            ClassificationEvaluation.Of(DrawnRows.Plain(drawn.SelectMany(row => Enumerable.Repeat(row, row.Weight))))));

    [TestMethod]
    public void Scaling_all_weights_changes_nothing() => DrawnRows.ForAll(drawn =>
        AreEqual(
            ClassificationEvaluation.Of(DrawnRows.Weighted(drawn)),
            ClassificationEvaluation.Of(DrawnRows.Weighted(drawn.Select(row => row with { Weight = row.Weight * 8 })))));

    [TestMethod]
    public void Parts_merge_to_the_whole_whichever_comes_first() => DrawnRows.ForAll(drawn =>
    {
        var (first, second) = (DrawnRows.Plain(drawn.Take(drawn.Length / 3)), DrawnRows.Plain(drawn.Skip(drawn.Length / 3)));
        var whole = ClassificationEvaluation.Of(DrawnRows.Plain(drawn));

        AreEqual(whole, ClassificationEvaluation.Of(first.Merge(second)));
        AreEqual(whole, ClassificationEvaluation.Of(second.Merge(first)));

        var (a, b) = (ClassificationEvaluation.Of(first).ConfusionMatrix, ClassificationEvaluation.Of(second).ConfusionMatrix);
        foreach (var metric in LabelMetrics.All)
        {
            Assert.AreEqual(whole[metric], metric.Of(new(a.Merge(b))), metric.Name);
            Assert.AreEqual(whole[metric], metric.Of(new(b.Merge(a))), metric.Name);
        }
    });

    [TestMethod]
    public void Every_metric_stays_within_its_bounds() => DrawnRows.ForAll(drawn =>
    {
        var evaluation = ClassificationEvaluation.Of(DrawnRows.Weighted(drawn));
        foreach (var (metric, value) in evaluation.Metrics)
        {
            var (lowest, highest) = metric.Key switch
            {
                "cohen_kappa" or "mcc" => (-1, 1),
                "log_loss" => (0, double.PositiveInfinity),
                "log_loss_reduction" => (double.NegativeInfinity, 1),
                "brier" => (0, 2),
                _ => (0.0, 1.0),
            };
            Assert.IsFalse(value < lowest - Tolerance || value > highest + Tolerance, $"{metric.Name} is {value}");
        }

        foreach (var each in evaluation.PerClass)
        {
            foreach (var (metric, value) in ClassMetrics.All.Zip(each.Values))
                Assert.IsFalse(value < 0 || (value > 1 + Tolerance && metric != ClassMetrics.Support && metric != ClassMetrics.LogLoss),
                    $"{metric.Name} is {value}");
        }
    });

    [TestMethod]
    public void Nothing_is_lost() => DrawnRows.ForAll(drawn =>
    {
        var evaluation = ClassificationEvaluation.Of(DrawnRows.Plain(drawn));

        Assert.AreEqual(drawn.Length, evaluation.Rows.Read);
        Assert.AreEqual(drawn.Count(row => row.Truth == -2), evaluation.Rows.MissingLabel);
        Assert.AreEqual(drawn.Count(row => row.Truth == -1), evaluation.Rows.UnknownLabel);
        Assert.AreEqual(evaluation.Rows.Used, evaluation.ConfusionMatrix.Total);
        Assert.AreEqual(evaluation.Rows.Used, evaluation.PerClass.Sum(each => each.Support));
        Assert.AreEqual(evaluation.Rows.Used, evaluation.Calibration.Bins.Sum(bin => bin.Count));
        Assert.AreEqual(evaluation.Rows.Used, evaluation.Calibration.Histogram.Sum(bar => bar.Right + bar.Wrong));
    });

    [TestMethod]
    public void The_fast_metrics_equal_their_definitions() => DrawnRows.ForAll(drawn => EqualsDefinitions(DrawnRows.Weighted(drawn)));

    // Negative scores, −0 beside 0, and magnitudes from 1e-300 to 1e300 go through the same table of leading bits.
    [TestMethod, DataRow(1), DataRow(2), DataRow(3)]
    public void The_fast_metrics_equal_their_definitions_for_scores_of_any_size(int seed)
    {
        var random = new Random(seed);
        double[] few = [0, -0.0, 1e-300, -1e-300, 1e300, -1e300, 0.5, double.Epsilon, -3];
        var builder = new ScoredRowsBuilder(["a", "b", "c"]);
        for (var row = 0; row < 300; row++)
        {
            double Score() => random.Next(2) == 0 ? few[random.Next(few.Length)] : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300));
            builder.Add("abc"[random.Next(3)].ToString(), [Score(), Score(), Score()], weight: random.Next(4));
        }

        var rows = builder.Build();
        foreach (var (c, each) in ClassificationEvaluation.Of(rows).PerClass.Index())
        {
            AreClose(PlainMetrics.RocAuc(rows, c), each.RocAuc, "ROC AUC");
            AreClose(PlainMetrics.AveragePrecision(rows, c), each.AveragePrecision, "average precision");
        }
    }

    // More classes than one walk takes, and a class with more rows than a walk's share.
    [TestMethod]
    public void The_fast_metrics_equal_their_definitions_for_many_classes()
    {
        var random = new Random(4);
        string[] labels = [.. Enumerable.Range(0, 40).Select(c => $"class {c}")];
        var builder = new ScoredRowsBuilder(labels);
        for (var row = 0; row < 600; row++)
            builder.Add(labels[random.Next(3) == 0 ? 0 : random.Next(40)], [.. labels.Select(_ => random.Next(50) / 1000.0)]);
        EqualsDefinitions(builder.Build());
    }

    private static void EqualsDefinitions(ScoredRows rows)
    {
        var evaluation = ClassificationEvaluation.Of(rows);
        if (evaluation.ConfusionMatrix.Total == 0)
            return;

        AreClose(PlainMetrics.LogLoss(rows), evaluation[ScoreMetrics.LogLoss], "log-loss");
        AreClose(PlainMetrics.Brier(rows), evaluation[ScoreMetrics.Brier], "Brier score");
        for (var k = 1; k <= rows.ClassCount; k++)
            AreClose(PlainMetrics.TopK(rows, k), evaluation.TopKAccuracy[k - 1], $"top-{k}");
        foreach (var (c, each) in evaluation.PerClass.Index())
        {
            AreClose(PlainMetrics.RocAuc(rows, c), each.RocAuc, $"ROC AUC of class {c}");
            AreClose(PlainMetrics.AveragePrecision(rows, c), each.AveragePrecision, $"average precision of class {c}");
        }
    }

    private static void AreEqual(ClassificationEvaluation expected, ClassificationEvaluation actual)
    {
        foreach (var (metric, value) in expected.Metrics)
            AreClose(value, actual[metric], metric.Name);
        foreach (var (one, other) in expected.TopKAccuracy.Zip(actual.TopKAccuracy))
            AreClose(one, other, "top-k");
        foreach (var (one, other) in expected.PerClass.Zip(actual.PerClass))
        {
            foreach (var metric in ClassMetrics.All.Where(metric => metric != ClassMetrics.Support))
                AreClose(one[metric], other[metric], $"{metric.Name} of {one.Label}");
        }
    }

    private static void AreClose(double expected, double actual, string what)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
            Assert.AreEqual(expected, actual, what);
        else
            Assert.AreEqual(expected, actual, Tolerance * Math.Max(1, Math.Abs(expected)), what);
    }
}
