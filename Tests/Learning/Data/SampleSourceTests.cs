using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class SampleSourceTests
{
    private static readonly ImageShape pair = new(1, 2, 1);

    [TestMethod]
    public void Bytes_become_the_numbers_0_to_255()
    {
        var source = new ByteImages(new ImageShape(8, 16, 2), [.. Enumerable.Range(0, 512).Select(i => (byte)i)], [0, 1]);
        var values = new float[256];

        source.CopyTo(1, values);

        Assert.AreEqual(2, source.Count);
        CollectionAssert.AreEqual(Enumerable.Range(0, 256).Select(i => (float)i).ToArray(), values);
    }

    [TestMethod]
    public void Labels_and_weights_are_those_given_and_weights_are_1_unless_given()
    {
        ISampleSource plain = new ByteImages(pair, [1, 2, 3, 4], [5, 0]), weighted = new FeatureRows(pair, [1, 2, 3, 4], [5, 0], [0, 2.5f]);

        Assert.AreEqual((5, 1f), (plain.LabelOf(0), plain.WeightOf(0)));
        Assert.AreEqual((5, 0f), (weighted.LabelOf(0), weighted.WeightOf(0)));
        Assert.AreEqual((0, 2.5f), (weighted.LabelOf(1), weighted.WeightOf(1)));
    }

    [TestMethod]
    public void Copying_allocates_nothing()
    {
        var source = new ByteImages(new ImageShape(28, 28, 1), new byte[784], [3]);
        var values = new float[784];
        source.CopyTo(0, values);
        var before = GC.GetAllocatedBytesForCurrentThread();

        source.CopyTo(0, values);

        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [TestMethod]
    public void Features_stay_as_they_are()
    {
        var source = new FeatureRows(ImageShape.Vector(2), [1.5f, -2, 1e30f, 4], [0, 0]);
        var values = new float[2];

        source.CopyTo(1, values);

        CollectionAssert.AreEqual(new[] { 1e30f, 4 }, values);
    }

    [TestMethod]
    public void Arrays_that_do_not_fit_together_are_refused()
    {
        Refused(() => new ByteImages(pair, new byte[5], [0, 1]), "2 samples of shape 1×2×1 have 4 values; 5 were given.");
        Refused(() => new ByteImages(pair, new byte[4], [0, -1]), "Sample 1 has label -1; class numbers start at 0.");
        Refused(() => new ByteImages(new ImageShape(0, 2, 1), [], []), "each must be at least 1");
        Refused(() => new FeatureRows(pair, new float[4], [0, 1], [1]), "There are 1 weights for 2 samples");
        Refused(() => new FeatureRows(pair, new float[4], [0, 1], [1, -0.5f]), "Sample 1 has weight -0.5");
        Refused(() => new FeatureRows(pair, new float[4], [0, 1], [float.NaN, 1]), "Sample 0 has weight NaN");

        static void Refused(Func<object> make, string message) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(make).Message, message);
    }

    [TestMethod]
    [DataRow(float.NaN, "Row 1 (counted from 0) has NaN (a missing value) as value 0 of 2")]
    [DataRow(float.PositiveInfinity, "Row 1 (counted from 0) has an infinite number as value 0 of 2")]
    public void A_value_that_is_no_number_is_named_by_its_row(float value, string message) => StringAssert.Contains(
        Assert.ThrowsExactly<InvalidDataException>(() => new FeatureRows(pair, [1, 2, value, 4], [0, 1])).Message, message);

    [TestMethod]
    public void A_subset_shows_the_chosen_samples_in_the_chosen_order()
    {
        var source = new FeatureRows(ImageShape.Vector(1), [10, 11, 12, 13], [0, 1, 2, 3], [1, 2, 3, 4]);
        ISampleSource subset = new SampleSubset(source, [3, 1, 3]);
        var values = new float[1];

        subset.CopyTo(2, values);

        Assert.AreEqual((3, ImageShape.Vector(1)), (subset.Count, subset.Shape));
        Assert.AreEqual((3, 4f, 13f), (subset.LabelOf(0), subset.WeightOf(0), values[0]));
        Assert.AreEqual(1, subset.LabelOf(1));
    }

    [TestMethod]
    public void A_subset_of_what_is_not_there_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new SampleSubset(new ByteImages(pair, new byte[4], [0, 1]), [0, 2])).Message,
        "Index 1 of the subset is 2; the source has samples 0 to 1.");
}
