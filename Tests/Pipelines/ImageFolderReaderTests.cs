using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class ImageFolderReaderTests
{
    [TestMethod]
    public void Each_sub_folder_is_a_class_and_files_may_lie_deeper()
    {
        using var folder = Folder("dog/1.png", "cat/b.jpg", "cat/sub/a.PNG");

        var dataset = ImageDataset.Open(folder.Path);

        Assert.AreEqual(DatasetFormat.Folder, dataset.Format);
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, dataset.Labels.ToArray());
        CollectionAssert.AreEqual(new[] { "cat/b.jpg", "cat/sub/a.PNG", "dog/1.png" }, dataset.Items.Select(item => item.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "cat", "cat", "dog" }, dataset.Items.Select(item => item.Label).ToArray());
        CollectionAssert.AreEqual(new byte[] { 1 }, dataset.Items[0].ReadBytes());
    }

    [TestMethod]
    public void Hidden_files_and_files_that_are_no_images_are_left_alone()
    {
        using var folder = Folder("cat/a.png", "cat/.b.png", "cat/notes.txt", ".git/x.png", "__MACOSX/cat/a.png", "README.md");

        Assert.HasCount(1, ImageDataset.Open(folder.Path).Items);
    }

    [TestMethod]
    public void Train_and_test_folders_are_parts()
    {
        using var folder = Folder("train/cat/a.png", "train/dog/b.png", "test/cat/c.png", "val/dog/d.png");

        var dataset = ImageDataset.Open(folder.Path);

        CollectionAssert.AreEquivalent(new[] { "train", "test", "validation" }, dataset.Parts.ToArray());
        CollectionAssert.AreEqual(new[] { "train/cat/a.png", "train/dog/b.png" }, dataset.ForTraining().Items.Select(item => item.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "test/cat/c.png" }, dataset.ForEvaluation().Items.Select(item => item.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, dataset.ForEvaluation().Labels.ToArray());
        Assert.HasCount(4, dataset.Part("all").Items);
    }

    [TestMethod]
    public void A_class_may_be_called_train()
    {
        using var folder = Folder("train/a.png", "plane/b.png", "car/c.png");

        CollectionAssert.AreEqual(new[] { "car", "plane", "train" }, ImageDataset.Open(folder.Path).Labels.ToArray());
    }

    [TestMethod]
    public void A_part_that_is_not_there_is_an_error_that_lists_the_parts()
    {
        using var folder = Folder("train/cat/a.png", "test/cat/c.png");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path, new() { Part = "holdout" }));

        StringAssert.Contains(error.Message, "'holdout'");
        StringAssert.Contains(error.Message, "test, train");
    }

    [TestMethod]
    public void Images_without_class_folders_need_the_option_that_allows_no_labels()
    {
        using var folder = Folder("a.png", "b.png");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path));
        StringAssert.Contains(error.Message, "2 images but no class sub-folders");

        var dataset = ImageDataset.Open(folder.Path, new() { RequireLabels = false });
        Assert.HasCount(2, dataset.Items);
        Assert.IsNull(dataset.Items[0].Label);
        Assert.AreEqual(2, dataset.Summary().Unlabelled);
    }

    [TestMethod]
    public void An_empty_folder_is_an_error_that_says_what_was_expected()
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path)).Message, "one sub-folder per class");
    }

    [TestMethod]
    public void The_flower_photos_are_five_classes_of_forty()
    {
        var dataset = ImageDataset.Open(TestData.Require("photos/flower_photos_small_set"));

        CollectionAssert.AreEqual(new[] { "daisy", "dandelion", "roses", "sunflowers", "tulips" }, dataset.Labels.ToArray());
        CollectionAssert.AreEqual(Enumerable.Repeat(40, 5).ToArray(), dataset.Summary().CountPerLabel.ToArray());
    }

    private static TemporaryFolder Folder(params string[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var file in files) folder.Write(file, [1]);
        return folder;
    }
}
