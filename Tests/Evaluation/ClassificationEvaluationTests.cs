using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ClassificationEvaluationTests
{
    private static readonly string[] Pets = ["cat", "dog", "eel"];

    [TestMethod]
    public void No_rows_is_an_evaluation_full_of_NaN_that_says_so()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(Pets, [], []));

        Assert.IsTrue(evaluation.Metrics.All(value => double.IsNaN(value.Value)));
        Assert.IsTrue(evaluation.TopKAccuracy.All(double.IsNaN));
        Assert.IsTrue(double.IsNaN(evaluation.AccuracyInterval.Lower));
        Assert.AreEqual("There are no rows: every metric is undefined (n/a).", evaluation.Warnings.Single());
        Assert.IsEmpty(evaluation.WorstMistakes);
    }

    [TestMethod]
    public void Rows_that_cannot_be_used_are_told_one_kind_after_the_other()
    {
        var evaluation = ClassificationEvaluation.Of(
            ScoredRows.Of(Pets, ["fox", "fox", "ape", null, "cat"], [[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [double.NaN, 0, 0]]));

        StringAssert.StartsWith(evaluation.Warnings[0], "3 rows left out: the label is no class of the model ('fox', 'ape').");
        StringAssert.StartsWith(evaluation.Warnings[1], "1 row left out: there is no label.");
        StringAssert.StartsWith(evaluation.Warnings[2], "1 row left out: a score is NaN or infinite.");
        Assert.AreEqual("No row could be used: every metric is undefined (n/a).", evaluation.Warnings[3]);
        Assert.AreEqual(KeyValuePair.Create("fox", 2L), evaluation.UnknownLabels[0]);
        Assert.HasCount(4, evaluation.Warnings);
    }

    [TestMethod]
    public void All_is_well_without_warnings() =>
        Assert.IsEmpty(ClassificationEvaluation.Of(ScoredRows.Of(Pets, ["cat", "dog", "eel"], [[.8, .1, .1], [.1, .8, .1], [.1, .1, .8]])).Warnings);

    [TestMethod]
    public void A_single_class_has_an_accuracy_of_1_and_little_else()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(["cat"], ["cat", "cat"], [[1], [.9]]));

        Assert.AreEqual(1, evaluation[LabelMetrics.Accuracy]);
        Assert.IsTrue(double.IsNaN(evaluation[ScoreMetrics.MacroRocAuc]));
        Assert.AreEqual(1, evaluation.TopKAccuracy.Single());
    }

    [TestMethod]
    public void Logits_are_noticed()
    {
        var warning = Warning("not probabilities", [2.5, -1, 0.25], [.8, .1, .1]);
        StringAssert.StartsWith(warning, "1 row with scores that are not probabilities (row 0 sums to 1.75).");
        StringAssert.Contains(warning, "apply softmax first");
    }

    [TestMethod]
    public void Rounding_in_the_file_is_no_logit() =>
        Assert.IsFalse(ClassificationEvaluation.Of(ScoredRows.Of(Pets, ["cat"], [[.333, .333, .333]])).Warnings.Any(
            warning => warning.Contains("not probabilities")));

    // Softmax of (1, 0, 0) is (0.576, 0.212, 0.212): e to 1.
    [TestMethod]
    public void Softmax_applied_twice_is_noticed()
    {
        double[] twice = [Math.E / (Math.E + 2), 1 / (Math.E + 2), 1 / (Math.E + 2)];
        StringAssert.Contains(Warning("softmax was probably applied twice", [.. Enumerable.Repeat(twice, 10)]), "e = 2.718…");
    }

    [TestMethod]
    public void Classes_without_rows_or_predictions_are_named()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(Pets, ["cat", "dog"], [[.9, .05, .05], [.8, .1, .1]]));

        StringAssert.StartsWith(evaluation.Warnings[0], "1 of 3 classes have no rows ('eel')");
        StringAssert.StartsWith(evaluation.Warnings[1], "2 of 3 classes are never predicted ('dog', 'eel')");
        CollectionAssert.AreEqual(new[] { "precision", "recall", "f1" }, evaluation.PerClass[2].Undefined.ToArray());
        CollectionAssert.AreEqual(new[] { "precision" }, evaluation.PerClass[1].Undefined.ToArray());
    }

    [TestMethod]
    public void Zero_division_is_still_listed_where_a_number_stands_in_its_place()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(Pets, ["cat"], [[1, 0, 0]]), new() { ZeroDivision = ZeroDivision.One });

        Assert.AreEqual(1, evaluation.PerClass[1].Precision);
        CollectionAssert.Contains(evaluation.PerClass[1].Undefined.ToArray(), "precision");
    }

    [TestMethod]
    public void The_most_confused_pairs_come_by_count_then_by_share()
    {
        var evaluation = Evaluate(("cat", "dog"), ("cat", "dog"), ("cat", "cat"), ("cat", "cat"), ("dog", "cat"), ("eel", "cat"), ("eel", "eel"),
            ("dog", "dog"), ("dog", "dog"));

        var pairs = evaluation.MostConfused.Select(pair => (pair.ActualLabel, pair.PredictedLabel, pair.Count, pair.ShareOfActual)).ToArray();
        CollectionAssert.AreEqual(new[] { ("cat", "dog", 2.0, .5), ("eel", "cat", 1.0, .5), ("dog", "cat", 1.0, 1 / 3.0) }, pairs);
    }

    [TestMethod]
    public void The_worst_mistakes_are_the_most_confident_ones()
    {
        var evaluation = ClassificationEvaluation.Of(
            ScoredRows.Of(Pets, ["dog", "cat", "eel", "dog"], [[.6, .3, .1], [.9, .05, .05], [.2, .7, .1], [.7, .1, .2]], ["a", "b", "c", "d"]),
            new() { WorstMistakes = 2, TopN = 2 });

        CollectionAssert.AreEqual(new[] { "c", "d" }, evaluation.WorstMistakes.Select(mistake => mistake.Id).ToArray());
        var worst = evaluation.WorstMistakes[0];
        Assert.AreEqual(("eel", "dog", .7, 3), (worst.Truth, worst.Predicted, worst.Confidence, worst.TruthRank));
        Assert.AreEqual(-Math.Log(.1), worst.Loss, 1e-12);
        CollectionAssert.AreEqual(new[] { new RankedClass("dog", .7, 1), new RankedClass("cat", .2, 2) }, worst.Top.ToArray());
    }

    [TestMethod]
    public void With_weights_the_matrix_is_weighted_and_the_counts_are_rows()
    {
        var evaluation = ClassificationEvaluation.Of(ScoredRows.Of(Pets, ["cat", "cat"], [[1, 0, 0], [0, 1, 0]], weights: [.5, 2]));

        Assert.AreEqual(2, evaluation.ConfusionMatrix[0, 1]);
        Assert.AreEqual(1, evaluation.Counts[0, 1]);
        Assert.AreEqual(.2, evaluation[LabelMetrics.Accuracy]);
        Assert.IsTrue(evaluation.HasWeights);
    }

    // Kish: (2+2)²/(2²+2²) = 2 rows tell as much; weights that are all alike change no interval.
    [TestMethod]
    public void Weights_that_are_all_alike_make_no_interval_narrower()
    {
        ScoredRows Rows(double weight) => ScoredRows.Of(Pets, ["cat", "dog"], [[1, 0, 0], [1, 0, 0]], weights: [weight, weight]);
        Assert.AreEqual(ClassificationEvaluation.Of(Rows(1)).AccuracyInterval, ClassificationEvaluation.Of(Rows(2)).AccuracyInterval);
    }

    [TestMethod]
    public void A_metric_of_another_list_is_refused()
    {
        var evaluation = Evaluate(("cat", "cat"));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => evaluation[ScoreMetrics.TopKAccuracy(2)]).Message,
            "not one of Metric.All: accuracy,");
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EvaluationOptions { CalibrationBins = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EvaluationOptions { WorstMistakes = -1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EvaluationOptions { TopN = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EvaluationOptions { ConfusedPairs = -1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EvaluationOptions { IntervalLevel = 1 });
    }

    private static ClassificationEvaluation Evaluate(params (string Truth, string Predicted)[] rows) => ClassificationEvaluation.Of(
        ScoredRows.Of(Pets, [.. rows.Select(row => row.Truth)],
            [.. rows.Select(row => Pets.Select(label => label == row.Predicted ? .8 : .1).ToArray())]));

    private static string Warning(string about, params double[][] scores)
    {
        var rows = ScoredRows.Of(Pets, [.. scores.Select(_ => "cat")], scores);
        return ClassificationEvaluation.Of(rows).Warnings.Single(warning => warning.Contains(about, StringComparison.Ordinal));
    }
}
