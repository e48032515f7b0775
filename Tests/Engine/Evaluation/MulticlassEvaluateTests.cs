using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine.Evaluation;

/// <summary>The evaluator against numbers printed by genuine ML.NET (5.0 sources), to the last digit; the case names are those of that
/// record.</summary>
/// <remarks>Where ML.NET is wrong the test says so and Engine/README.md has a row.</remarks>
[TestClass]
public sealed class MulticlassEvaluateTests
{
    private static readonly (uint, float[])[] Basic =
    [
        (1, [0.7f, 0.2f, 0.1f]),
        (1, [0.4f, 0.5f, 0.1f]),
        (2, [0.1f, 0.8f, 0.1f]),
        (2, [0.2f, 0.2f, 0.6f]),
        (3, [0.1f, 0.2f, 0.7f]),
        (3, [0.3f, 0.3f, 0.4f]),
    ];

    private static readonly (uint, float[])[] WithUnknown = [.. Basic, (4, [0.2f, 0.3f, 0.5f]), (5, [0.1f, 0.1f, 0.8f])];

    [TestMethod]
    public void E1_six_rows_of_three_classes()
    {
        var metrics = ScoredRow.Evaluate(3, 3, Basic, topK: 2);

        Check(metrics, 0.6666666666666666, 0.6666666666666666, 0.7297521316382064, 0.335750984068353);
        AreEqual([0.6364828389708126, 0.916290716972994, 0.6364828389708126], metrics.PerClassLogLoss);
        Assert.AreEqual(2, metrics.TopKPredictionCount);
        CheckTopK(metrics, 0.6666666666666666, 0.8333333333333333);
        CheckCounts(metrics, [[1, 1, 0], [0, 1, 1], [0, 0, 2]], [1, 0.5, 0.6666666666666666], [0.5, 0.5, 1]);
        CheckTable(metrics, """

            Confusion table
                      ||========================
            PREDICTED ||     0 |     1 |     2 | Recall
            TRUTH     ||========================
                    0 ||     1 |     1 |     0 | 0.5000
                    1 ||     0 |     1 |     1 | 0.5000
                    2 ||     0 |     0 |     2 | 1.0000
                      ||========================
            Precision ||1.0000 |0.5000 |0.6667 |

            """);
    }

    [TestMethod]
    public void E2_a_class_that_no_label_has_is_left_out_of_the_macro_accuracy()
    {
        var metrics = ScoredRow.Evaluate(3, 3, Basic[..4]);

        Check(metrics, 0.5, 0.5, 0.7763867779719034, -0.12008935439182572);
        AreEqual([0.6364828389708126, 0.916290716972994, 0], metrics.PerClassLogLoss);
        Assert.AreEqual(0, metrics.TopKPredictionCount);
        Assert.AreEqual(0, metrics.TopKAccuracy);
        Assert.IsNull(metrics.TopKAccuracyForAllK);
        CheckCounts(metrics, [[1, 1, 0], [0, 1, 1], [0, 0, 0]], [1, 0.5, 0], [0.5, 0.5, 0]);
        CheckTable(metrics, """

            Confusion table
                      ||========================
            PREDICTED ||     0 |     1 |     2 | Recall
            TRUTH     ||========================
                    0 ||     1 |     1 |     0 | 0.5000
                    1 ||     0 |     1 |     1 | 0.5000
                    2 ||     0 |     0 |     0 | 0.0000
                      ||========================
            Precision ||1.0000 |0.5000 |0.0000 |

            """);
    }

    [TestMethod]
    public void E3_a_class_that_is_never_predicted_has_precision_0()
    {
        var metrics = ScoredRow.Evaluate(3, 3, [(1, [0.7f, 0.2f, 0.1f]), (2, [0.1f, 0.8f, 0.1f]), (3, [0.7f, 0.2f, 0.1f])]);

        Check(metrics, 0.6666666666666666, 0.6666666666666666, 0.9608011918248548, 0.1254410662112006);
        AreEqual([0.35667496096863105, 0.22314353641304868, 2.3025850780928847], metrics.PerClassLogLoss);
        CheckCounts(metrics, [[1, 0, 0], [0, 1, 0], [1, 0, 0]], [0.5, 1, 0], [1, 1, 0]);
    }

    [TestMethod]
    public void E4_rows_with_a_score_that_is_not_finite_are_left_out()
    {
        (uint, float[])[] rows = [.. Basic];
        rows[1] = (1, [float.NaN, 0.5f, 0.1f]);
        rows[2] = (2, [0.1f, float.PositiveInfinity, 0.1f]);
        var metrics = ScoredRow.Evaluate(3, 3, rows);

        Check(metrics, 0.75, 0.6666666666666666, 0.8097696341107988, 0.2211662430705867);
        AreEqual([0.35667496096863105, 1.6094378975329393, 0.6364828389708126], metrics.PerClassLogLoss);
        CheckCounts(metrics, [[1, 0, 0], [0, 0, 1], [0, 0, 2]], [1, 0, 0.6666666666666666], [1, 0, 1]);
    }

    [TestMethod]
    public void E5_rows_without_a_label_are_left_out()
    {
        var metrics = ScoredRow.Evaluate(3, 3, [(0, Basic[0].Item2), .. Basic[1..]]);

        Check(metrics, 0.6, 0.5, 0.8043675657721213, 0.23750859052427706);
        AreEqual([0.916290716972994, 0.916290716972994, 0.6364828389708126], metrics.PerClassLogLoss);
        CheckCounts(metrics, [[0, 1, 0], [0, 1, 1], [0, 0, 2]], [0, 0.5, 0.6666666666666666], [0, 0.5, 1]);
    }

    [TestMethod]
    public void E6_a_label_beyond_the_scores_counts_as_wrong_but_stands_in_no_table()
    {
        var metrics = ScoredRow.Evaluate(3, 5, WithUnknown, topK: 3);

        Check(metrics, 0.5, 0.6666666666666666, 9.182008196549454, -7.831225127042476);
        AreEqual([0.6364828389708126, 0.916290716972994, 0.6364828389708126], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.5, 0.625, 0.75);
        CheckCounts(metrics, [[1, 1, 0], [0, 1, 1], [0, 0, 2]], [1, 0.5, 0.6666666666666666], [0.5, 0.5, 1]);
    }

    // ML.NET gives 1 for K = 4: it takes the unknown label for one that is ranked last.
    [TestMethod]
    public void E6b_a_label_beyond_the_scores_is_no_top_k_hit_however_large_K_is()
    {
        EmbeddedEngine.Require("it takes the unknown label for one that is ranked last.");
        CheckTopK(ScoredRow.Evaluate(3, 5, WithUnknown, topK: 4), 0.5, 0.625, 0.75, 0.75);
    }

    // ML.NET fails with an IndexOutOfRangeException.
    [TestMethod]
    public void E6c_a_label_beyond_scores_that_are_all_negative_counts_as_wrong()
    {
        EmbeddedEngine.Require("it fails with an IndexOutOfRangeException.");
        var metrics = ScoredRow.Evaluate(3, 5, [(1, [0.5f, 0.3f, 0.2f]), (4, [-0.1f, -0.2f, -0.3f])], topK: 3);

        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        CheckTopK(metrics, 0.5, 0.5, 0.5);
    }

    // ML.NET gives 0.5, 1, 1: it ranks the unknown label by a score of 0, before the negative one.
    [TestMethod]
    public void E6d_a_label_beyond_scores_of_which_one_is_negative_is_no_top_k_hit()
    {
        EmbeddedEngine.Require("it ranks the unknown label by a score of 0.");
        var metrics = ScoredRow.Evaluate(3, 5, [(1, [0.5f, 0.3f, 0.2f]), (4, [0.6f, -0.1f, 0.5f])], topK: 3);

        Check(metrics, 0.5, 1, 17.61596178592157, -49.82892141807707);
        AreEqual([0.6931471805599453, 0, 0], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.5, 0.5, 0.5);
        CheckCounts(metrics, [[1, 0, 0], [0, 0, 0], [0, 0, 0]], [1, 0, 0], [1, 0, 0]);
    }

    [TestMethod]
    public void E7_the_probability_of_the_label_is_cut_to_1e_15_and_1()
    {
        var metrics = ScoredRow.Evaluate(2, 2, [(1, [0, 1]), (2, [0, 1])], topK: 1);

        Check(metrics, 0.5, 0.5, 17.269388195641596, -23.91446070903854);
        AreEqual([34.53877639128319, 0], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.5);
        CheckCounts(metrics, [[0, 1], [0, 1]], [0, 0.5], [0, 1]);
        CheckTable(metrics, """

            Confusion table
                      ||======================
            PREDICTED ||        0 |        1 | Recall
            TRUTH     ||======================
                    0 ||        0 |        1 | 0.0000
                    1 ||        0 |        1 | 1.0000
                      ||======================
            Precision ||   0.0000 |   0.5000 |

            """);
    }

    [TestMethod]
    public void E7b_so_is_one_above_1_and_one_below_0()
    {
        var metrics = ScoredRow.Evaluate(2, 2, [(1, [1.5f, -0.5f]), (2, [1.5f, -0.5f])], topK: 1);

        Check(metrics, 0.5, 0.5, 17.269388195641596, -23.91446070903854);
        AreEqual([0, 34.53877639128319], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.5);
        CheckCounts(metrics, [[1, 0], [1, 0]], [0.5, 0], [1, 0]);
    }

    [TestMethod]
    public void E8_among_equal_scores_the_lower_class_comes_first()
    {
        float[] equal = [0.3f, 0.3f, 0.3f];
        var metrics = ScoredRow.Evaluate(3, 3, [(1, equal), (2, equal), (3, equal)], topK: 3);

        Check(metrics, 0.3333333333333333, 0.3333333333333333, 1.2039727645895069, -0.095903238119728);
        AreEqual([1.2039727645895069, 1.2039727645895069, 1.2039727645895069], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.3333333333333333, 0.6666666666666666, 1);
        CheckCounts(metrics, [[1, 0, 0], [1, 0, 0], [1, 0, 0]], [0.3333333333333333, 0, 0], [1, 0, 0]);
    }

    [TestMethod]
    public void E9_scores_are_not_normalised()
    {
        var metrics = ScoredRow.Evaluate(3, 3, [(1, [2, 1, -1]), (2, [-1, 0.25f, -2]), (3, [3, 1, -1])], topK: 2);

        Check(metrics, 0.6666666666666666, 0.6666666666666666, 11.97502358413436, -9.900136206060598);
        AreEqual([0, 1.3862943611198906, 34.53877639128319], metrics.PerClassLogLoss);
        CheckTopK(metrics, 0.6666666666666666, 0.6666666666666666);
    }

    [TestMethod]
    public void E10_with_one_class_all_right_the_log_loss_reduction_is_undefined()
    {
        var metrics = ScoredRow.Evaluate(2, 2, [(1, [1, 0]), (1, [1, 0])]);

        Check(metrics, 1, 1, 0, double.NaN);
        AreEqual([0, 0], metrics.PerClassLogLoss);
        CheckCounts(metrics, [[2, 0], [0, 0]], [1, 0], [1, 0]);
    }

    // ML.NET gives +∞, as if this were better than perfect: a −0 turns the sign.
    [TestMethod]
    public void E10b_with_one_class_and_a_loss_the_log_loss_reduction_is_minus_infinity()
    {
        EmbeddedEngine.Require("it gives +∞.");
        var metrics = ScoredRow.Evaluate(2, 2, [(1, [0.9f, 0.1f]), (1, [0.8f, 0.2f])]);

        Check(metrics, 1, 1, 0.16425203928091428, double.NegativeInfinity);
        AreEqual([0.16425203928091428, 0], metrics.PerClassLogLoss);
    }

    // ML.NET adds up shares and prints 0.9999999999999999 for the last.
    [TestMethod]
    public void E11_with_K_at_the_number_of_classes_the_top_k_accuracy_is_1() =>
        CheckTopK(ScoredRow.Evaluate(3, 3, Basic, topK: 3), 0.6666666666666666, 0.8333333333333333, 1);

    [TestMethod]
    public void E11b_K_may_be_more_than_there_are_classes() =>
        CheckTopK(ScoredRow.Evaluate(3, 3, Basic, topK: 4), 0.6666666666666666, 0.8333333333333333, 1, 1);

    // ML.NET fails with an IndexOutOfRangeException.
    [TestMethod]
    public void E11c_K_may_be_much_more()
    {
        EmbeddedEngine.Require("it fails with an IndexOutOfRangeException.");
        CheckTopK(ScoredRow.Evaluate(3, 3, Basic, topK: 6), 0.6666666666666666, 0.8333333333333333, 1, 1, 1, 1);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void E12_without_rows_that_count_accuracies_are_0_and_ratios_undefined(bool emptyData)
    {
        (uint, float[])[] rows = emptyData ? [] : [.. Basic.Select(row => (0u, row.Item2))];
        var metrics = ScoredRow.Evaluate(3, 3, rows, topK: 2);

        Check(metrics, 0, 0, 0, double.NaN);
        AreEqual([0, 0, 0], metrics.PerClassLogLoss);
        Assert.AreEqual(double.NaN, metrics.TopKAccuracy);
        CheckTopK(metrics, double.NaN, double.NaN);
        CheckCounts(metrics, [[0, 0, 0], [0, 0, 0], [0, 0, 0]], [0, 0, 0], [0, 0, 0]);
    }

    private static void Check(MulticlassClassificationMetrics metrics, double micro, double macro, double logLoss, double reduction)
    {
        Assert.AreEqual(micro, metrics.MicroAccuracy, "MicroAccuracy");
        Assert.AreEqual(macro, metrics.MacroAccuracy, "MacroAccuracy");
        Assert.AreEqual(logLoss, metrics.LogLoss, "LogLoss");
        Assert.AreEqual(reduction, metrics.LogLossReduction, "LogLossReduction");
    }

    private static void CheckTopK(MulticlassClassificationMetrics metrics, params double[] expected)
    {
        Assert.HasCount(expected.Length, metrics.TopKAccuracyForAllK);
        // ML.NET adds up shares, the engine divides counts: the last digit may differ.
        foreach (var (share, actual) in expected.Zip(metrics.TopKAccuracyForAllK))
            Assert.AreEqual(share, actual, 2e-16);
        Assert.AreEqual(metrics.TopKAccuracyForAllK[^1], metrics.TopKAccuracy);
    }

    private static void CheckCounts(MulticlassClassificationMetrics metrics, double[][] counts, double[] precision, double[] recall)
    {
        var matrix = metrics.ConfusionMatrix;
        Assert.AreEqual(counts.Length, matrix.NumberOfClasses);
        for (var actual = 0; actual < counts.Length; actual++)
            AreEqual(counts[actual], matrix.Counts[actual]);
        AreEqual(precision, matrix.PerClassPrecision);
        AreEqual(recall, matrix.PerClassRecall);
    }

    private static void CheckTable(MulticlassClassificationMetrics metrics, string expected) =>
        Assert.AreEqual(expected.ReplaceLineEndings(), metrics.ConfusionMatrix.GetFormattedConfusionTable());

    private static void AreEqual(double[] expected, IEnumerable<double> actual) => CollectionAssert.AreEqual(expected, actual.ToArray());
}
