using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class CalibrationTests
{
    // Two bins. (0, 0.5]: one row of 0.5, wrong, gap 0.5. (0.5, 1]: 0.6 right, 0.8 wrong, 1 right: |2/3 − 0.8| = 2/15.
    // ECE = 1/4·0.5 + 3/4·2/15 = 0.225, MCE = 0.5.
    [TestMethod]
    public void The_errors_of_four_rows_by_hand()
    {
        var calibration = Of(bins: 2, (.5, false), (.6, true), (.8, false), (1, true));

        Assert.AreEqual(.225, calibration.ExpectedError, 1e-12);
        Assert.AreEqual(.5, calibration.MaximumError, 1e-12);
        Assert.AreEqual(1, calibration.Bins[0].Count);
        Assert.AreEqual(.8, calibration.Bins[1].MeanConfidence, 1e-12);
        Assert.AreEqual(2 / 3.0, calibration.Bins[1].Accuracy, 1e-12);
    }

    // The product 15·(k/15) rounds to either side of k; the edge belongs to the bin below it whatever the product says.
    [TestMethod, DataRow(15), DataRow(10), DataRow(7), DataRow(49)]
    public void A_confidence_on_an_edge_is_in_the_bin_below(int bins)
    {
        for (var edge = Math.Max(1, (bins + 1) / 2); edge <= bins; edge++)
        {
            var calibration = Of(bins, ((double)edge / bins, true));
            Assert.AreEqual(1, calibration.Bins[edge - 1].Count, $"{edge}/{bins}");
        }
    }

    [TestMethod]
    public void The_histogram_tells_right_from_wrong()
    {
        var bars = Of(bins: 15, (.97, true), (.98, true), (.99, false), (.52, false)).Histogram;

        Assert.AreEqual((2, 1), (bars[^1].Right, bars[^1].Wrong));
        Assert.AreEqual((0, 1), (bars[10].Right, bars[10].Wrong));
        Assert.HasCount(20, bars);
    }

    [TestMethod]
    public void An_empty_bin_has_no_accuracy_and_no_part_in_the_errors()
    {
        var calibration = Of(bins: 10, (1, true));

        Assert.IsTrue(double.IsNaN(calibration.Bins[0].Accuracy));
        Assert.AreEqual(0, calibration.ExpectedError);
    }

    [TestMethod]
    public void Logits_have_no_calibration()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(["a", "b"], ["a", "b"], [[4, -2], [-1, 3]]));

        Assert.IsEmpty(evaluation.Calibration.Bins);
        Assert.IsTrue(double.IsNaN(evaluation[ScoreMetrics.ExpectedCalibrationError]));
        Assert.IsTrue(double.IsNaN(evaluation.PerClass[0][ClassMetrics.CalibrationError]));
    }

    // Rows of two classes, of which the first is predicted with the given confidence.
    private static Calibration Of(int bins, params (double Confidence, bool Right)[] rows) => ClassificationEvaluation.Of(
        ScoredRows.Of(["a", "b"], [.. rows.Select(row => row.Right ? "a" : "b")],
            [.. rows.Select(row => new[] { row.Confidence, 1 - row.Confidence })]),
        new() { CalibrationBins = bins }).Calibration;
}
