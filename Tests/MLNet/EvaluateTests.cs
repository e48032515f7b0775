using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLPipelines.Tests.MLNet;

/// <summary>What <c>MulticlassClassification.Evaluate</c> does with rows that other evaluators refuse.</summary>
[TestClass]
public sealed class EvaluateTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    public void Rows_without_a_label_are_left_out_without_a_word()
    {
        var warnings = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, line) => warnings.AddRange(line.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error ? [line.Message] : []);

        Assert.AreEqual(1, Evaluate(ml, [new(0, 0.7f, 0.3f), new(float.NaN, 0.7f, 0.3f), new(-1, 0.7f, 0.3f), new(0.5f, 0.7f, 0.3f)]).Counted);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Rows_with_a_score_that_is_no_finite_number_are_left_out_too(float score) =>
        Assert.AreEqual(1, Evaluate(Context, [new(0, 0.7f, 0.3f), new(1, score, 0.3f)]).Counted);

    // The second row is as wrong as can be, −ln 1e-15 = 34.54, and counts in the accuracy, but not among the recalls.
    [TestMethod]
    public void A_label_beyond_the_scores_is_wrong_and_in_no_row_of_the_confusion_matrix()
    {
        var (counted, metrics) = Evaluate(Context, [new(0, 1, 0), new(2, 1, 0)]);

        Assert.AreEqual(1, counted);
        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        Assert.AreEqual(1, metrics.MacroAccuracy);
        Assert.AreEqual(34.54 / 2, metrics.LogLoss, 0.01);
    }

    [TestMethod]
    public void Where_such_a_row_has_only_negative_scores_evaluation_fails() =>
        Assert.ThrowsExactly<IndexOutOfRangeException>(() => Evaluate(Context, [new(2, -1, -2)]));

    [TestMethod]
    public void A_probability_of_0_is_clipped_at_1e_15() =>
        Assert.AreEqual(-Math.Log(1e-15f), Evaluate(Context, [new(0, 0, 1)]).Metrics.LogLoss, 1e-6);

    // Logits of 3 and 0 are a probability of 0.95. Taken for probabilities they are more than certain of one row, and lost on the other.
    [TestMethod]
    public void Logits_are_taken_for_probabilities()
    {
        var metrics = Evaluate(Context, [new(0, 3, 0), new(1, 3, 0)]).Metrics;

        Assert.AreEqual(0, metrics.PerClassLogLoss[0]);
        Assert.AreEqual(34.54, metrics.PerClassLogLoss[1], 0.01);
    }

    [TestMethod]
    public void The_predicted_label_must_be_there_and_is_never_read()
    {
        var rows = Context.Data.LoadFromEnumerable<Row>([new(0, 0.7f, 0.3f) { PredictedLabel = 1 }]);
        var without = Context.Transforms.DropColumns(nameof(Row.PredictedLabel)).Fit(rows).Transform(rows);

        Assert.AreEqual(1, Context.MulticlassClassification.Evaluate(rows).MicroAccuracy);
        Assert.Contains("PredictedLabel", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Context.MulticlassClassification.Evaluate(without)).Message);
    }

    [TestMethod]
    public void Top_k_accuracy_fails_for_two_more_than_the_classes()
    {
        var rows = Context.Data.LoadFromEnumerable<Row>([new(0, 0.7f, 0.3f)]);

        Assert.AreEqual(1, Context.MulticlassClassification.Evaluate(rows, topKPredictionCount: 3).TopKAccuracy);
        Assert.ThrowsExactly<IndexOutOfRangeException>(() => Context.MulticlassClassification.Evaluate(rows, topKPredictionCount: 4));
    }

    // (H − loss) / H with an entropy H of 0: worse than the prior, which is never wrong, and yet +∞.
    [TestMethod]
    public void The_log_loss_reduction_of_a_test_set_of_one_class_is_infinite() =>
        Assert.AreEqual(double.PositiveInfinity, Evaluate(Context, [new(0, 0.7f, 0.3f), new(0, 0.6f, 0.4f)]).Metrics.LogLossReduction);

    [TestMethod]
    public void No_rows_at_all_have_an_accuracy_of_0() => Assert.AreEqual(0, Evaluate(Context, []).Metrics.MicroAccuracy);

    private static (double Counted, MulticlassClassificationMetrics Metrics) Evaluate(MLContext ml, Row[] rows)
    {
        var metrics = ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(rows));
        return (metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()), metrics);
    }

    private sealed class Row(float label, params float[] score)
    {
        public float Label { get; } = label;

        [VectorType(2)]
        public float[] Score { get; } = score;

        public float PredictedLabel { get; init; }
    }
}
