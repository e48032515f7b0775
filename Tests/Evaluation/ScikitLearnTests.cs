using System.Text.Json;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>Every metric against the values that Tests/Recorded/evaluation/record.py took from scikit-learn.</summary>
[TestClass]
public sealed class ScikitLearnTests
{
    private const double Tolerance = 1e-12;
    private const double RankingTolerance = 1e-9;

    public static IEnumerable<object[]> Cases => RecordedCase.All.Select(each => new object[] { each.Name });

    [TestMethod, DynamicData(nameof(Cases))]
    public void Metrics_of_the_whole_equal_the_recorded_ones(string name)
    {
        var (rows, expected) = Find(name);
        var evaluation = ClassificationEvaluation.Of(rows);

        foreach (var metric in new[]
        {
            LabelMetrics.Accuracy, LabelMetrics.BalancedAccuracy, LabelMetrics.CohensKappa, ScoreMetrics.LogLoss,
            ScoreMetrics.LogLossReduction, ScoreMetrics.Brier, ScoreMetrics.ExpectedCalibrationError, ScoreMetrics.MaximumCalibrationError,
        })
        {
            AreClose(RecordedCase.Number(expected.GetProperty(metric.Key)), evaluation[metric], Tolerance, metric.Key);
        }

        foreach (var metric in new[] { ScoreMetrics.MacroRocAuc, ScoreMetrics.MacroAveragePrecision })
            AreClose(RecordedCase.Number(expected.GetProperty(metric.Key)), evaluation[metric], RankingTolerance, metric.Key);
    }

    [TestMethod, DynamicData(nameof(Cases))]
    public void Top_k_accuracy_equals_the_recorded_one_for_every_k(string name)
    {
        var (rows, expected) = Find(name);
        AreClose(RecordedCase.Numbers(expected.GetProperty("top_k_accuracy")), ClassificationEvaluation.Of(rows).TopKAccuracy, Tolerance, "top-k");
    }

    [TestMethod, DynamicData(nameof(Cases))]
    public void The_confusion_matrix_equals_the_recorded_one(string name)
    {
        var (rows, expected) = Find(name);
        var matrix = ClassificationEvaluation.Of(rows).ConfusionMatrix;
        foreach (var (actual, row) in expected.GetProperty("confusion").EnumerateArray().Index())
            AreClose(RecordedCase.Numbers(row), [.. Enumerable.Range(0, matrix.ClassCount).Select(predicted => matrix[actual, predicted])],
                Tolerance, $"row {actual}");
    }

    [TestMethod, DynamicData(nameof(Cases))]
    public void Precision_recall_and_F1_and_their_averages_equal_the_recorded_ones_for_each_zero_division(string name)
    {
        var (rows, expected) = Find(name);
        foreach (var (zeroDivision, key) in new[] { (ZeroDivision.NaN, "nan"), (ZeroDivision.Zero, "0"), (ZeroDivision.One, "1") })
        {
            var evaluation = ClassificationEvaluation.Of(rows, new() { ZeroDivision = zeroDivision });
            foreach (var entry in expected.GetProperty("averages").GetProperty(key).EnumerateObject())
            {
                if (entry.Name != "perClass")
                {
                    var metric = Metric.All.Single(each => each.Key == entry.Name);
                    AreClose(RecordedCase.Number(entry.Value), evaluation[metric], Tolerance, $"{entry.Name}, zero division {key}");
                    continue;
                }

                foreach (var values in entry.Value.EnumerateObject())
                {
                    var metric = ClassMetrics.All.Single(each => each.Key == values.Name);
                    AreClose(RecordedCase.Numbers(values.Value), [.. evaluation.PerClass.Select(each => each[metric])], Tolerance,
                        $"{values.Name}, zero division {key}");
                }
            }
        }
    }

    [TestMethod, DynamicData(nameof(Cases))]
    public void Rankings_of_each_class_equal_the_recorded_ones(string name)
    {
        var (rows, expected) = Find(name);
        var evaluation = ClassificationEvaluation.Of(rows);
        foreach (var metric in new[] { ClassMetrics.RocAuc, ClassMetrics.AveragePrecision })
            AreClose(RecordedCase.Numbers(expected.GetProperty(metric.Key)), [.. evaluation.PerClass.Select(each => each[metric])],
                RankingTolerance, metric.Key);
    }

    // scikit-learn gives 0 where the formula divides zero by zero; we give NaN, and its 0 with its zero division.
    [TestMethod, DynamicData(nameof(Cases))]
    public void Matthews_correlation_equals_the_recorded_one_and_is_NaN_or_0_where_it_is_undefined(string name)
    {
        var (rows, expected) = Find(name);
        var ours = ClassificationEvaluation.Of(rows)[LabelMetrics.MatthewsCorrelation];
        var habit = ClassificationEvaluation.Of(rows, new() { ZeroDivision = ZeroDivision.Zero })[LabelMetrics.MatthewsCorrelation];
        var recorded = expected.GetProperty("mcc").GetDouble();

        Assert.AreEqual(recorded, habit, Tolerance);
        if (!double.IsNaN(ours))
            Assert.AreEqual(recorded, ours, Tolerance);
        else
            Assert.AreEqual(0, recorded);
    }

    private static (ScoredRows Rows, JsonElement Expected) Find(string name)
    {
        var found = RecordedCase.All.Single(each => each.Name == name);
        return (found.Rows, found.Expected);
    }

    private static void AreClose(double expected, double actual, double tolerance, string what)
    {
        if (double.IsNaN(expected))
            Assert.IsTrue(double.IsNaN(actual), $"{what}: {actual} where it is undefined");
        else
            Assert.AreEqual(expected, actual, tolerance, what);
    }

    private static void AreClose(double[] expected, IReadOnlyList<double> actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        foreach (var (index, value) in expected.Index())
            AreClose(value, actual[index], tolerance, $"{what} [{index}]");
    }
}
