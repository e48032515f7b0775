using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class ImageDatasetTests
{
    [TestMethod]
    public void The_order_of_the_labels_does_not_depend_on_the_order_of_the_rows()
    {
        var items = Items(("3", "dog"), ("1", "Cat"), ("2", "ant"));

        CollectionAssert.AreEqual(new[] { "Cat", "ant", "dog" }, ImageDataset.Of("memory", items).Labels.ToArray());
        CollectionAssert.AreEqual(new[] { "Cat", "ant", "dog" }, ImageDataset.Of("memory", items.Reverse()).Labels.ToArray());
        CollectionAssert.AreEqual(
            new[] { "dog", "Cat", "ant" }, ImageDataset.Of("memory", items, new() { LabelOrder = LabelOrder.AsMet }).Labels.ToArray());
    }

    [TestMethod]
    public void Given_labels_decide_the_order_and_an_unknown_one_is_a_bad_item()
    {
        var items = Items(("1", "cat"), ("2", "zebra"));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Of("memory", items, new() { Labels = ["dog", "cat"] }));
        StringAssert.Contains(error.Message, "'zebra' is not one of: dog, cat");

        var dataset = ImageDataset.Of("memory", items, new() { Labels = ["dog", "cat"], OnBadItem = BadItemPolicy.Skip });
        Assert.AreEqual(1, dataset.LabelNumber(dataset.Items.Single()));
    }

    [TestMethod]
    public void A_label_may_be_one_of_a_class_names_synonyms_if_only_one_class_has_it()
    {
        var labels = new[] { "teddy, teddy bear", "pizza, pizza pie", "crane, bird", "crane, machine" };

        var dataset = ImageDataset.Of("memory", Items(("1", "teddy bear"), ("2", "Pizza"), ("3", "bird")), new() { Labels = labels });
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, dataset.Items.Select(dataset.LabelNumber).ToArray());

        Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Of("memory", Items(("1", "crane")), new() { Labels = labels }));
    }

    [TestMethod]
    public void Labels_given_twice_and_ids_used_twice_are_mistakes()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() =>
            ImageDataset.Of("memory", Items(("1", "a")), new() { Labels = ["a", "a"] })).Message, "'a' is given twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() =>
            ImageDataset.Of("memory", Items(("1", "a"), ("1", "b")))).Message, "id '1'");
    }

    [TestMethod]
    [DataRow("data.tar.gz", "tar -xf")]
    [DataRow("data.zip", "unzip")]
    public void An_archive_is_refused_with_the_command_that_unpacks_it(string name, string command)
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => ImageDataset.Open(folder.Write(name, [1]))).Message, command);
    }

    [TestMethod]
    public void A_path_that_is_no_data_set_is_an_error_that_says_what_is()
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => ImageDataset.Open(folder["nowhere"])).Message, "does not exist");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Write("cat.png", [1]))).Message,
            "one image, not a data set");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Write("data.parquet", [1]))).Message,
            "no known data set");
    }

    [TestMethod]
    public void An_empty_image_is_an_error_when_it_is_read() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => new ImageItem("a.png", "cat", null, () => []).ReadBytes()).Message,
            "'a.png' is empty");

    private static ImageItem[] Items(params (string Id, string Label)[] items) =>
        [.. items.Select(item => new ImageItem(item.Id, item.Label, null, () => [1]))];
}
