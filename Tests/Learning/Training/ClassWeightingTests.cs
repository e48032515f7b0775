using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class ClassWeightingTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    [TestMethod]
    public void No_weights_are_none() => Assert.IsNull(new EqualClassWeights().AtFirst([1, 2, 3], Labels));

    // scikit-learn: compute_class_weight("balanced", …) of 60, 30 and 10 samples is 100 / (3 · n).
    [TestMethod]
    public void Balanced_weights_are_those_of_scikit_learn() =>
        CollectionAssert.AreEqual((double[])[100 / 180.0, 100 / 90.0, 100 / 30.0], new BalancedClassWeights().AtFirst([60, 30, 10], Labels));

    [TestMethod]
    public void Given_weights_are_by_name_and_1_where_none_is_given() => CollectionAssert.AreEqual(
        (double[])[1, 1, 2.5], new GivenClassWeights { Weights = new Dictionary<string, double> { ["c"] = 2.5 } }.AtFirst([1, 1, 1], Labels));

    // Of class a 4 of 10 are missed and 2 are false alarms: (4 − 2) / (2·6 + 4 + 2) = 1/9; of b 2 and 4, −1/11 with 2·8 + 2 + 4; c has no errors.
    [TestMethod]
    public void Auto_weights_of_a_worked_example()
    {
        var weights = new AdaptiveClassWeights { Strength = 1 }.After([1, 1, 1], Counts([6, 4, 0], [2, 8, 0], [0, 0, 10]))!;
        double[] raw = [Math.Exp(2 / 18.0), Math.Exp(-2 / 22.0), 1];
        for (var c = 0; c < 3; c++) Assert.AreEqual(raw[c] / raw.Average(), weights[c], 1e-12);
    }

    [TestMethod]
    public void Auto_weights_rest_where_precision_and_recall_are_alike_however_low()
    {
        var counts = Counts([3, 4, 3], [4, 5, 1], [3, 1, 6]);
        CollectionAssert.AreEqual((double[])[2, 0.5, 0.5], new AdaptiveClassWeights().After([2, 0.5, 0.5], counts));
    }

    [TestMethod]
    public void Auto_weights_stay_within_their_limit()
    {
        var weighting = new AdaptiveClassWeights { Strength = 3, Limit = 2 };
        double[] weights = [1, 1, 1];
        for (var epoch = 0; epoch < 100; epoch++)
        {
            weights = weighting.After(weights, Counts([0, 5, 5], [0, 10, 0], [0, 0, 10]))!;
            Assert.IsTrue(weights.All(weight => weight is >= 0.5 and <= 2), string.Join(", ", weights));
        }

        Assert.AreEqual(2, weights[0]);
    }

    // A rare class that is found the more, the more it weighs: 1,000 samples of two classes and 50 of a third, which b takes most of at first.
    [TestMethod]
    public void Auto_weights_come_to_rest_where_a_rare_class_is_predicted_as_often_as_it_occurs()
    {
        var weighting = new AdaptiveClassWeights();
        double[] weights = [1, 1, 1], last = weights;
        var counts = Answer(weights);
        for (var epoch = 0; epoch < 60; epoch++)
        {
            last = weights;
            counts = Answer(weights);
            weights = weighting.After(weights, counts)!;
        }

        for (var c = 0; c < 3; c++) Assert.AreEqual(last[c], weights[c], 0.05);
        Assert.AreEqual(counts.Support(2), counts.Predicted(2), 3.0);
        Assert.IsGreaterThan(Answer([1, 1, 1]).F1(2), counts.F1(2));

        static ConfusionCounts Answer(double[] weights)
        {
            var odds = weights[2] / weights[1];
            var found = (int)Math.Round(50 * odds / (odds + 2)); // a third of them at equal weights
            var alarms = (int)Math.Round(1000 * odds / (odds + 50));
            return Counts([1000, 0, 0], [0, 1000 - alarms, alarms], [0, 50 - found, found]);
        }
    }

    [TestMethod]
    public void Classes_that_validation_does_not_meet_and_perfect_ones_do_not_disturb()
    {
        var weighting = new AdaptiveClassWeights();
        CollectionAssert.AreEqual((double[])[2, 0.5, 0.5], weighting.After([2, 0.5, 0.5], Counts([5, 0, 0], [0, 5, 0], [0, 0, 0])));
        CollectionAssert.AreEqual((double[])[2, 0.5, 0.5], weighting.After([2, 0.5, 0.5], null));
    }

    private static ConfusionCounts Counts(params int[][] rows)
    {
        var counts = new ConfusionCounts(rows.Length);
        for (var actual = 0; actual < rows.Length; actual++)
        {
            for (var predicted = 0; predicted < rows.Length; predicted++) counts.Add(actual, predicted, rows[actual][predicted]);
        }

        return counts;
    }
}
