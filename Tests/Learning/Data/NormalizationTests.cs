using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class NormalizationTests
{
    [TestMethod]
    public void None_changes_nothing_and_the_unit_range_divides_by_255()
    {
        float[] values = [0, 51, 255], same = [0, 51, 255];

        Normalization.None.Apply(same, 1);
        Normalization.UnitRange.Apply(values, 1);

        CollectionAssert.AreEqual(new float[] { 0, 51, 255 }, same);
        CollectionAssert.AreEqual(new[] { 0, 51 * (1f / 255), 255 * (1f / 255) }, values);
    }

    /// <summary>Few values and many, few channels and more than are done at a time; each equals the formula to the last bit.</summary>
    [TestMethod]
    [DataRow(1, 1), DataRow(1, 784), DataRow(3, 3072), DataRow(3, 9), DataRow(4, 1000), DataRow(5, 35), DataRow(193, 386), DataRow(2048, 6144)]
    public void Each_value_is_scaled_then_its_channels_mean_subtracted_then_divided_by_its_deviation(int channels, int length)
    {
        var random = new SeededRandom((ulong)length);
        var mean = Enumerable.Range(0, channels).Select(_ => random.NextSingle()).ToArray();
        var deviation = Enumerable.Range(0, channels).Select(_ => 0.1f + random.NextSingle()).ToArray();
        var values = Enumerable.Range(0, length).Select(_ => (float)random.Next(256)).ToArray();

        AssertEqual(new Normalization(1f / 255, mean, deviation), (value, c) => (value * (1f / 255) - mean[c]) / deviation[c]);
        AssertEqual(new Normalization(1, mean, []), (value, c) => value - mean[c]);
        AssertEqual(new Normalization(2, [], deviation), (value, c) => value * 2 / deviation[c]);

        void AssertEqual(Normalization normalization, Func<float, int, float> plainly)
        {
            var normalized = values.ToArray();
            normalization.Apply(normalized, channels);
            CollectionAssert.AreEqual(values.Select((value, i) => plainly(value, i % channels)).ToArray(), normalized);
        }
    }

    [TestMethod]
    public void Nothing_is_allocated()
    {
        var normalization = new Normalization(1f / 255, [0.1f, 0.2f, 0.3f], [1, 2, 3]);
        var values = new float[3072];
        normalization.Apply(values, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();

        normalization.Apply(values, 3);

        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
