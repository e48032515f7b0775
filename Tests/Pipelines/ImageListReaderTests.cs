using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class ImageListReaderTests
{
    [TestMethod]
    [DataRow("path,label\na.png,cat\nb.png,dog\n", DisplayName = "known names")]
    [DataRow("label;file\ncat;a.png\ndog;b.png\n", DisplayName = "another order, semicolons")]
    [DataRow("Class\tFilename\tsize\ncat\ta.png\t3\ndog\tb.png\t4", DisplayName = "tabs, capitals, a column more, no last line break")]
    [DataRow("a.png,cat\nb.png,dog\n", DisplayName = "no header")]
    [DataRow("picture,animal\r\na.png,cat\r\nb.png,dog\r\n", DisplayName = "unknown names: the first two columns")]
    [DataRow("picture,label\na.png,cat\nb.png,dog\n", DisplayName = "one known name of two")]
    [DataRow("\uFEFFpath,label\n\"a.png\",\"cat\"\n\n b.png , dog \n", DisplayName = "byte order mark, quotes, an empty line, spaces")]
    public void Columns_are_found(string csv)
    {
        using var folder = Images(csv);

        var dataset = ImageDataset.Open(folder["list.csv"]);

        Assert.AreEqual(DatasetFormat.List, dataset.Format);
        Assert.AreEqual("a.png (cat) b.png (dog)", string.Join(' ', dataset.Items));
    }

    [TestMethod]
    public void Columns_may_be_named()
    {
        using var folder = Images("id,animal,img\n1,cat,a.png\n2,dog,b.png\n");

        var dataset = ImageDataset.Open(folder["list.csv"], new() { PathColumn = "img", LabelColumn = "animal" });

        Assert.AreEqual("a.png (cat) b.png (dog)", string.Join(' ', dataset.Items));
    }

    [TestMethod]
    public void Two_columns_of_which_one_is_the_path_leave_no_doubt_about_the_other()
    {
        using var folder = Images("path,size\na.png,3\nb.png,4\n");

        CollectionAssert.AreEqual(new[] { "3", "4" }, ImageDataset.Open(folder["list.csv"]).Labels.ToArray());
    }

    [TestMethod]
    [DataRow("path,size,kind\na.png,3,x\n", null, "column for the labels (label, class)")]
    [DataRow("path,label\na.png,cat\n", "animal", "'animal'")]
    [DataRow("a.png\nb.png\n", null, "its first line has 1 field: 'a.png'")]
    public void A_list_without_a_label_column_says_which_columns_it_has(string csv, string? labelColumn, string expected)
    {
        using var folder = Images(csv);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder["list.csv"], new() { LabelColumn = labelColumn }));
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    [DataRow("path,label\nmissing.png,cat\na.png,cat\n", "missing.png", "line 2")]
    [DataRow("path,label\n,cat\na.png,cat\n", "list.csv line 2", "no image path")]
    [DataRow("path,label\nb.png,\na.png,cat\n", "b.png", "no label")]
    [DataRow("path,label\na.png,cat\na.png,dog\n", "a.png (line 3)", "listed twice, in lines 2 and 3")]
    public void A_bad_item_fails_or_is_skipped_and_listed(string csv, string id, string reason)
    {
        using var folder = Images(csv);

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder["list.csv"])).Message, reason);

        var summary = ImageDataset.Open(folder["list.csv"], new() { OnBadItem = BadItemPolicy.Skip }).Summary();
        Assert.AreEqual((2, 1, 1), (summary.Read, summary.Used, summary.Skipped.Count));
        Assert.AreEqual(id, summary.Skipped[0].Id);
        StringAssert.Contains(summary.Skipped[0].Reason, reason);
    }

    [TestMethod]
    public void Quarantined_items_are_written_to_a_file()
    {
        using var folder = Images("path,label\n\"mis,sing.png\",cat\na.png,cat\n");

        ImageDataset.Open(folder["list.csv"], new() { OnBadItem = BadItemPolicy.Quarantine, QuarantineFile = folder["bad.csv"] });

        var lines = File.ReadAllLines(folder["bad.csv"]);
        Assert.AreEqual("id,reason", lines[0]);
        StringAssert.StartsWith(lines[1], "\"mis,sing.png\",");
        Assert.HasCount(2, lines);
    }

    [TestMethod]
    public void Quarantine_needs_a_file() => Assert.ThrowsExactly<ArgumentException>(
        () => ImageDataset.Of("memory", [new ImageItem("a", "x", null, () => [1])], new() { OnBadItem = BadItemPolicy.Quarantine }));

    [TestMethod]
    public void Paths_are_relative_to_the_images_root_where_it_is_given()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images/a.png", [1]);
        folder.Write("lists/list.csv", "path,label\na.png,cat\n");

        Assert.HasCount(1, ImageDataset.Open(folder["lists/list.csv"], new() { ImagesRoot = folder["images"] }).Items);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ImageDataset.Open(folder["lists/list.csv"], new() { ImagesRoot = folder["nowhere"] }));
    }

    [TestMethod]
    public void Two_lists_named_train_and_test_are_parts()
    {
        using var folder = Images("");
        File.Delete(folder["list.csv"]);
        folder.Write("train.csv", "path,label\na.png,cat\nb.png,dog\n");
        folder.Write("test.csv", "path,label\nb.png,dog\n");

        // The same file may stand in two lists; as an item it has one name, so that is a bad item.
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder.Path));
        StringAssert.Contains(error.Message, "'b.png' is in part 'test' as well");

        folder.Write("c.png", [1]);
        folder.Write("test.csv", "path,label\nc.png,cat\n");
        Assert.AreEqual("c.png (cat)", string.Join(' ', ImageDataset.Open(folder.Path).ForEvaluation().Items));
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("path,label\n\"a.png,cat\nb.png,dog\n", "cannot be read at line")]
    public void A_broken_list_is_an_error_that_names_it(string csv, string expected)
    {
        using var folder = Images(csv);

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder["list.csv"])).Message, expected);
    }

    [TestMethod]
    public void The_photos_with_tags_have_no_header_and_one_missing_file()
    {
        var folder = TestData.Require("photos/imagenet-style-20");

        var dataset = ImageDataset.Open(folder, new() { OnBadItem = BadItemPolicy.Skip });

        var summary = dataset.Summary();
        Assert.AreEqual((20, 19), (summary.Read, summary.Used));
        Assert.AreEqual("coffeepot4.jpg", summary.Skipped.Single().Id);
        CollectionAssert.Contains(dataset.Labels.ToArray(), "teddy bear");
        Assert.ThrowsExactly<InvalidDataException>(() => ImageDataset.Open(folder));
    }

    private static TemporaryFolder Images(string csv)
    {
        var folder = new TemporaryFolder();
        folder.Write("a.png", [1]);
        folder.Write("b.png", [2]);
        folder.Write("list.csv", csv);
        return folder;
    }
}
