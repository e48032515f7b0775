using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class LabelMetricsTests
{
    // Worked by hand: pₒ = (20+15)/50 = 0.7, pₑ = 0.5·0.6 + 0.5·0.4 = 0.5, κ = 0.2/0.5.
    [TestMethod]
    public void Kappa_of_the_textbook_table() =>
        Assert.AreEqual(0.4, LabelMetrics.CohensKappa.Of(Matrix([20, 5], [10, 15])), 1e-12);

    // F1 of the classes: 2·1/(2+1) = 2/3, 2·2/(2+3) = 4/5, 1. Their mean is 0.822222; F1 of mean precision 8/9 and mean recall 5/6 would be 0.860215.
    [TestMethod]
    public void Macro_F1_is_the_mean_of_the_F1_of_the_classes_and_not_the_F1_of_the_means()
    {
        var evidence = Matrix([1, 1, 0], [0, 2, 0], [0, 0, 2]);

        Assert.AreEqual(((2 / 3.0) + (4 / 5.0) + 1) / 3, LabelMetrics.MacroF1.Of(evidence), 1e-12);
        Assert.AreEqual(8 / 9.0, LabelMetrics.MacroPrecision.Of(evidence), 1e-12);
        Assert.AreEqual(5 / 6.0, LabelMetrics.MacroRecall.Of(evidence), 1e-12);
    }

    // The example in the README of PyCM.
    [TestMethod]
    public void The_example_of_PyCM()
    {
        var evidence = Matrix([3, 0, 0], [0, 1, 2], [2, 1, 3]);

        Assert.AreEqual(0.75, ClassMetrics.F1.Of(evidence, 0), 1e-12);
        Assert.AreEqual(0.4, ClassMetrics.F1.Of(evidence, 1), 1e-12);
        Assert.AreEqual(0.54545, ClassMetrics.F1.Of(evidence, 2), 5e-6);
        Assert.AreEqual(0.56515, LabelMetrics.MacroF1.Of(evidence), 5e-6);
        Assert.AreEqual(0.58333, LabelMetrics.MicroF1.Of(evidence), 5e-6);
        Assert.AreEqual(0.35484, LabelMetrics.CohensKappa.Of(evidence), 5e-6);
        Assert.AreEqual(0.36667, LabelMetrics.MatthewsCorrelation.Of(evidence), 5e-6);
    }

    [TestMethod]
    public void An_undefined_class_is_left_out_or_counts_as_zero_or_one()
    {
        // The third class is neither there nor predicted; the others are perfect.
        double MacroF1(ZeroDivision zeroDivision) =>
            LabelMetrics.MacroF1.Of(Matrix([1, 0, 0], [0, 1, 0], [0, 0, 0]) with { ZeroDivision = zeroDivision });

        Assert.AreEqual(1, MacroF1(ZeroDivision.NaN));
        Assert.AreEqual(2 / 3.0, MacroF1(ZeroDivision.Zero), 1e-12);
        Assert.AreEqual(1, MacroF1(ZeroDivision.One));
    }

    [TestMethod]
    public void A_class_with_rows_that_is_never_predicted_has_an_F1_of_zero_and_no_precision()
    {
        var evidence = Matrix([3, 0], [2, 0]);

        Assert.AreEqual(0, ClassMetrics.F1.Of(evidence, 1));
        Assert.AreEqual(0, ClassMetrics.Recall.Of(evidence, 1));
        Assert.IsTrue(double.IsNaN(ClassMetrics.Precision.Of(evidence, 1)));
    }

    [TestMethod]
    public void Specificity_is_the_share_of_the_others_that_are_not_taken_for_the_class() =>
        Assert.AreEqual(4 / 6.0, ClassMetrics.Specificity.Of(Matrix([3, 1], [2, 4]), 0), 1e-12);

    [TestMethod]
    public void Without_rows_every_metric_is_undefined()
    {
        foreach (var metric in LabelMetrics.All)
            Assert.IsTrue(double.IsNaN(metric.Of(Matrix([0, 0], [0, 0]))), metric.Name);
    }

    [TestMethod]
    public void Without_scores_a_metric_of_scores_is_undefined()
    {
        foreach (var metric in ScoreMetrics.All)
            Assert.IsTrue(double.IsNaN(metric.Of(Matrix([5, 2], [1, 8]))), metric.Name);
    }

    [TestMethod]
    public void Keys_and_names_are_unique_and_nothing_is_left_empty()
    {
        Assert.HasCount(Metric.All.Count, Metric.All.Select(each => each.Key).Distinct());
        Assert.HasCount(Metric.All.Count, Metric.All.Select(each => each.Name).Distinct());
        Assert.HasCount(ClassMetrics.All.Count, ClassMetrics.All.Select(each => each.Key).Distinct());
        foreach (var text in Metric.All.SelectMany(each => new[] { each.Key, each.Name, each.Formula, each.Source }))
            Assert.IsGreaterThan(0, text.Length);
    }

    private static Evidence Matrix(params double[][] rows) => new(ConfusionMatrix.Of([.. rows.Index().Select(row => $"class {row.Index}")], rows));
}
