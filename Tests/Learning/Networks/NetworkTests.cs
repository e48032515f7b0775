using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class NetworkTests
{
    private static readonly NetworkShape Compact = NetworkShape.Of(ReadyMadeNetworks.CompactCnn, new ImageShape(28, 28, 1), 10);

    [TestMethod]
    public void Convolutions_begin_with_mean_0_and_the_deviation_of_He()
    {
        var network = Network.Create(Compact, seed: 7);
        var tensor = Compact.Weights.Single(t => t.Name == "conv2d_5.weight");
        var values = network.WeightsOf(tensor).ToArray();

        // 3·3·64 inputs of an output: √(2 / 576) = 0.0589. Of 36,864 draws the mean is within 0.0589 / √36,864 · 4 = 0.0012, the deviation within 1.5 %.
        Assert.AreEqual(0, values.Average(), 0.0012);
        Assert.AreEqual(Math.Sqrt(2.0 / 576), Math.Sqrt(values.Average(value => (double)value * value)), 0.0009);
    }

    [TestMethod]
    public void The_last_dense_layer_begins_within_the_limit_of_Glorot_and_nears_it()
    {
        var network = Network.Create(Compact, seed: 7);
        var values = network.WeightsOf(Compact.Weights.Single(t => t.Name == "dense_1.weight")).ToArray();

        var limit = Math.Sqrt(6.0 / (64 + 10));
        Assert.IsLessThanOrEqualTo(limit, (double)values.Max(Math.Abs));
        Assert.IsGreaterThan(0.98 * limit, (double)values.Max(Math.Abs));
    }

    [TestMethod]
    public void Biases_begin_at_0_and_batch_normalisation_changes_nothing_yet()
    {
        var network = Network.Create(Compact, seed: 7);
        foreach (var (part, expected) in new[] { ("bias", 0f), ("scale", 1f), ("shift", 0f) })
        {
            foreach (var tensor in Compact.Weights.Where(t => t.Name.EndsWith("." + part, StringComparison.Ordinal)))
                Assert.IsTrue(network.WeightsOf(tensor).ToArray().All(value => value == expected), tensor.Name);
        }

        foreach (var tensor in Compact.State)
            Assert.IsTrue(network.StateOf(tensor).ToArray().All(value => value == (tensor.Name.EndsWith(".mean", StringComparison.Ordinal) ? 0 : 1)), tensor.Name);
    }

    [TestMethod]
    public void The_seed_decides_every_weight()
    {
        CollectionAssert.AreEqual(Network.Create(Compact, seed: 1).Weights, Network.Create(Compact, seed: 1).Weights);
        CollectionAssert.AreNotEqual(Network.Create(Compact, seed: 1).Weights, Network.Create(Compact, seed: 2).Weights);
    }

    [TestMethod]
    public void A_copy_has_numbers_of_its_own()
    {
        var network = Network.Create(Compact, seed: 1);
        var copy = network.Copy();
        CollectionAssert.AreEqual(network.Weights, copy.Weights);

        copy.Weights[0]++;
        Assert.AreNotEqual(network.Weights[0], copy.Weights[0]);
    }

    [TestMethod]
    public void Too_few_numbers_are_refused_with_both_counts()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Network(Compact, new float[3], new float[Compact.StateCount]));

        StringAssert.Contains(error.Message, $"3 weights were given for 'cnn', which has {Compact.WeightCount}");
    }
}
