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

    // F1 of 0.6, 0.9, 0.9: 1 − F1 is 0.4, 0.1, 0.1 with the mean 0.2; goals 2, 0.5, 0.5 to mean 1; all of the way is gone.
    [TestMethod]
    public void Auto_weights_of_a_worked_example()
    {
        var weights = new AdaptiveClassWeights { Strength = 1, Pace = 1 }.After([1, 1, 1], [0.6, 0.9, 0.9])!;
        for (var c = 0; c < 3; c++) Assert.AreEqual(((double[])[2, 0.5, 0.5])[c], weights[c], 0.01);
    }

    [TestMethod]
    public void Auto_weights_stay_within_their_bounds_and_keep_the_mean_1()
    {
        var weighting = new AdaptiveClassWeights { Strength = 3, Limit = 2 };
        double[] weights = [1, 1, 1];
        for (var epoch = 0; epoch < 100; epoch++)
        {
            weights = weighting.After(weights, [0.05, 0.99, 0.99])!;
            Assert.AreEqual(1, weights.Average(), 1e-9);
            Assert.IsTrue(weights.All(weight => weight is > 0.25 and < 4));
        }

        // Goals 2, ½, ½ brought to mean 1; 100 steps of 0.3 of the way have reached them.
        Assert.AreEqual(2, weights[0], 1e-9);
    }

    [TestMethod]
    public void Auto_weights_come_to_rest_where_F1_answers_to_them()
    {
        // A class gains F1 from its weight, and more weight for one is less for the others: each epoch answers at once, which swings most.
        var weighting = new AdaptiveClassWeights();
        double[] weights = [1, 1, 1], last = weights;
        for (var epoch = 0; epoch < 40; epoch++)
        {
            last = weights;
            weights = weighting.After(weights, [Answer(0.5, weights[0]), Answer(0.85, weights[1]), Answer(0.95, weights[2])])!;
        }

        for (var c = 0; c < 3; c++) Assert.AreEqual(last[c], weights[c], 0.01);
        Assert.IsGreaterThan(weights[1], weights[0]);
        Assert.IsGreaterThan(weights[2], weights[1]);

        static double Answer(double f1, double weight) => Math.Clamp(f1 + 0.3 * (weight - 1), 0.02, 0.98);
    }

    [TestMethod]
    public void Classes_without_F1_and_perfect_classes_do_not_disturb()
    {
        var weighting = new AdaptiveClassWeights { Pace = 1 };
        CollectionAssert.AreEqual((double[])[1, 1, 1], weighting.After([2, 0.5, 0.5], [1, 1, 1]));

        var weights = weighting.After([1, 1, 1], [0.9, 0.8, double.NaN])!;
        Assert.IsTrue(weights.All(double.IsFinite));
        Assert.IsGreaterThan(weights[0], weights[1]);
    }
}
