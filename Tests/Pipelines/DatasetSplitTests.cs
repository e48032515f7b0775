using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class DatasetSplitTests
{
    [TestMethod]
    public void Parts_are_disjoint_complete_and_have_each_class_in_its_share()
    {
        var dataset = Numbered(("a", 100), ("b", 50), ("c", 10));

        var parts = dataset.Stratified(seed: 1, 0.7, 0.2, 0.1);

        CollectionAssert.AreEqual(new[] { 70, 35, 7 }, parts[0].Summary().CountPerLabel.ToArray());
        CollectionAssert.AreEqual(new[] { 20, 10, 2 }, parts[1].Summary().CountPerLabel.ToArray());
        CollectionAssert.AreEqual(new[] { 10, 5, 1 }, parts[2].Summary().CountPerLabel.ToArray());
        CollectionAssert.AreEquivalent(dataset.Items.ToArray(), parts.SelectMany(part => part.Items).ToArray());
    }

    [TestMethod]
    public void A_split_depends_on_the_seed_and_on_nothing_else()
    {
        var dataset = Numbered(("a", 40), ("b", 40));
        var reversed = ImageDataset.Of("memory", dataset.Items.Reverse());

        CollectionAssert.AreEquivalent(Ids(dataset, 1), Ids(dataset, 1));
        CollectionAssert.AreEquivalent(Ids(dataset, 1), Ids(reversed, 1));
        CollectionAssert.AreNotEquivalent(Ids(dataset, 1), Ids(dataset, 2));

        static string[] Ids(ImageDataset dataset, int seed) => [.. dataset.Stratified(seed, 0.5, 0.5)[0].Items.Select(item => item.Id)];
    }

    [TestMethod]
    public void The_first_part_comes_first_where_a_class_is_too_small() =>
        CollectionAssert.AreEqual(new[] { 1 }, Numbered(("a", 1)).Stratified(seed: 1, 0.1, 0.9)[0].Summary().CountPerLabel.ToArray());

    [TestMethod]
    [DataRow(0.5, 0.4)]
    [DataRow(1.0, 0.0)]
    [DataRow(double.NaN, 0.5)]
    public void Shares_must_be_positive_and_sum_to_one(double first, double second) =>
        Assert.ThrowsExactly<ArgumentException>(() => Numbered(("a", 10)).Stratified(1, first, second));

    [TestMethod]
    public void The_content_hash_depends_on_ids_labels_and_bytes_and_not_on_the_order()
    {
        var hash = Of(("1", "a", 1), ("2", "b", 2)).ContentHash();

        Assert.AreEqual(64, hash.Length);
        Assert.AreEqual(hash, Of(("2", "b", 2), ("1", "a", 1)).ContentHash());
        Assert.AreNotEqual(hash, Of(("1", "a", 1), ("3", "b", 2)).ContentHash());
        Assert.AreNotEqual(hash, Of(("1", "a", 1), ("2", "a", 2)).ContentHash());
        Assert.AreNotEqual(hash, Of(("1", "a", 1), ("2", "b", 3)).ContentHash());
    }

    [TestMethod]
    public void Images_that_are_in_both_data_sets_are_refused_by_their_content()
    {
        var known = Of(("train/1", "a", 1), ("train/2", "b", 2));

        DatasetSplit.RefuseOverlap(known, Of(("test/1", "a", 3)));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => DatasetSplit.RefuseOverlap(known, Of(("test/1", "a", 3), ("test/2", "a", 2))));
        StringAssert.Contains(error.Message, "'test/2' equals 'train/2'");
    }

    private static ImageDataset Of(params (string Id, string Label, byte Content)[] items) =>
        ImageDataset.Of("memory", items.Select(item => new ImageItem(item.Id, item.Label, null, () => [item.Content])));

    private static ImageDataset Numbered(params (string Label, int Count)[] classes) =>
        ImageDataset.Of("memory", classes.SelectMany(
            c => Enumerable.Range(0, c.Count).Select(i => new ImageItem($"{c.Label}/{i}", c.Label, null, () => [1]))));
}
