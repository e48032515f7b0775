using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class ChannelStatisticsTests
{
    // Two images of 1×2 pixels and 2 channels. Channel 0: 0, 2, 4, 6 (mean 3, deviation √5); channel 1: always 7.
    private static readonly FeatureRows Images = new(new ImageShape(1, 2, 2), [0, 7, 2, 7, 4, 7, 6, 7], [0, 1]);

    [TestMethod]
    public void Channels_are_measured_over_all_pixels_of_all_samples()
    {
        var statistics = ChannelStatistics.Of(Images);

        CollectionAssert.AreEqual(new[] { 3.0, 7 }, statistics.Mean.ToArray());
        Assert.AreEqual(Math.Sqrt(5), statistics.StandardDeviation[0], 1e-12);
        Assert.AreEqual(0, statistics.StandardDeviation[1]);
        CollectionAssert.AreEqual(new[] { 0.0, 7 }, statistics.Minimum.ToArray());
        CollectionAssert.AreEqual(new[] { 6.0, 7 }, statistics.Maximum.ToArray());
    }

    [TestMethod]
    [DataRow(1f)]
    [DataRow(1f / 255)]
    public void Standardizing_gives_mean_0_and_deviation_1_and_a_constant_becomes_0(float scale)
    {
        float[] values = [0, 7, 2, 7, 4, 7, 6, 7];
        ChannelStatistics.Of(Images).Standardizing(scale).Apply(values, channels: 2);

        Assert.AreEqual(0, values.Where((_, i) => i % 2 == 0).Sum(), 1e-5);
        Assert.AreEqual(4, values.Where((_, i) => i % 2 == 0).Sum(value => value * value), 1e-4);
        Assert.IsTrue(values.Where((_, i) => i % 2 == 1).All(value => Math.Abs(value) < 1e-5));
    }

    // One of 10,000 is 1 and all others 0: deviation 0.01, so the one would come out at 100.
    [TestMethod]
    public void A_rare_value_comes_out_at_16_at_most()
    {
        var features = new float[10_000];
        features[77] = 1;
        var normalization = ChannelStatistics.Of(new FeatureRows(ImageShape.Vector(1), features, new int[10_000])).Standardizing();
        normalization.Apply(features, 1);

        Assert.AreEqual(16, features[77], 0.01);
    }

    // Deviations 1, 7 and 0, whose root mean square is √(50/3); each is divided by the geometric mean of its own and that, and comes out as its square root.
    [TestMethod]
    public void Balancing_brings_deviations_half_of_the_way_to_1_and_a_constant_to_0()
    {
        float[] values = [-1, 10, 5, 1, 24, 5];
        ChannelStatistics.Of(new FeatureRows(ImageShape.Vector(3), [.. values], [0, 1])).Balancing().Apply(values, channels: 3);

        var common = Math.Sqrt(50.0 / 3);
        double[] expected = [-Math.Sqrt(1 / common), -Math.Sqrt(7 / common), 0, Math.Sqrt(1 / common), Math.Sqrt(7 / common), 0];
        for (var i = 0; i < values.Length; i++) Assert.AreEqual(expected[i], values[i], 1e-6);
    }

    [TestMethod]
    public void Balancing_lets_no_rare_value_come_out_further_than_16_and_samples_that_are_all_the_same_come_out_as_0()
    {
        var features = new float[100_000];
        features[77] = 1;
        ChannelStatistics.Of(new FeatureRows(ImageShape.Vector(1), features, new int[100_000])).Balancing().Apply(features, 1);
        Assert.AreEqual(16, features[77], 0.01);

        float[] same = [3, 3];
        ChannelStatistics.Of(new FeatureRows(ImageShape.Vector(1), [3, 3], [0, 1])).Balancing().Apply(same, 1);
        CollectionAssert.AreEqual(new[] { 0f, 0 }, same);
    }

    // The squares of 10⁸ + {0, 1, 2} leave no digit for their differences; the deviation is √(2/3) all the same.
    [TestMethod]
    public void Large_values_close_to_each_other_keep_their_deviation()
    {
        var statistics = ChannelStatistics.Of(new FeatureRows(ImageShape.Vector(1), [1e8f, 1e8f + 8, 1e8f + 16], [0, 0, 0]));

        Assert.AreEqual(8 * Math.Sqrt(2.0 / 3), statistics.StandardDeviation[0], 1e-6);
    }

    [TestMethod]
    public void A_stratified_cut_gives_each_class_its_share_and_leaves_none_without_a_sample()
    {
        int[] labels = [.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 10), 2];
        var samples = new FeatureRows(ImageShape.Vector(1), new float[61], labels);

        var (training, held) = SampleSplit.Stratified(samples, 0.2, seed: 4);

        CollectionAssert.AreEqual(new[] { 40, 8, 1 }, Counts(training));
        CollectionAssert.AreEqual(new[] { 10, 2, 0 }, Counts(held));
    }

    private static int[] Counts(SampleSubset samples) =>
        [.. Enumerable.Range(0, 3).Select(label => Enumerable.Range(0, samples.Count).Count(i => samples.LabelOf(i) == label))];
}
