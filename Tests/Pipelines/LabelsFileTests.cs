using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class LabelsFileTests
{
    [TestMethod]
    [DataRow("cat\ndog\n", DisplayName = "lines")]
    [DataRow("\uFEFFcat\r\ndog", DisplayName = "byte order mark, CRLF")]
    [DataRow("n02124075 cat\nn02099601 dog\n", DisplayName = "WordNet numbers")]
    [DataRow("[\"cat\", \"dog\"]", DisplayName = "JSON list")]
    [DataRow("{\"1\": \"dog\", \"0\": \"cat\"}", DisplayName = "JSON map, any order")]
    [DataRow("{\"cat\": 0, \"dog\": 1}", DisplayName = "JSON map the other way round")]
    [DataRow("{\"0\": [\"n02124075\", \"cat\"], \"1\": [\"n02099601\", \"dog\"]}", DisplayName = "Keras's class index")]
    public void Names_are_read_in_the_order_of_the_classes(string text)
    {
        using var folder = new TemporaryFolder();

        CollectionAssert.AreEqual(new[] { "cat", "dog" }, LabelsFile.Read(folder.Write("labels", text)).ToArray());
    }

    [TestMethod]
    [DataRow("n02012849 crane\nn03126707 crane\n", "crane (n02012849)", "crane (n03126707)")]
    [DataRow("crane\ncrane\n", "crane (0)", "crane (1)")]
    public void Names_that_occur_twice_get_their_number(string text, string first, string second)
    {
        using var folder = new TemporaryFolder();

        CollectionAssert.AreEqual(new[] { first, second }, LabelsFile.Read(folder.Write("labels", text)).ToArray());
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("cat\n\ndog", "no name for class 1")]
    [DataRow("{\"0\": \"cat\", \"2\": \"dog\"}", "none with the number 1")]
    [DataRow("{\"zero\": \"cat\"}", "'zero' is no class number")]
    [DataRow("[1, 2]", "not a JSON list")]
    [DataRow("[\"cat\"", "not a JSON list")]
    [DataRow("{\"0\": null}", "no name for class 0")]
    public void A_broken_file_is_an_error_that_says_what_is_wrong(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LabelsFile.Read(folder.Write("labels", text))).Message, expected);
    }

    [TestMethod]
    public void ImageNet_has_a_thousand_names_whichever_file_they_come_from()
    {
        var synsets = LabelsFile.Read(TestData.Require("labels/imagenet-synset-1000.txt"));
        var map = LabelsFile.Read(TestData.Require("labels/imagenet-labels_map.json.txt"));

        Assert.HasCount(1000, synsets);
        Assert.HasCount(1000, map);
        Assert.AreEqual("tench, Tinca tinca", synsets[0]);
        Assert.AreEqual(synsets[850], map[850]);
        Assert.HasCount(1001, LabelsFile.Read(TestData.Require("labels/imagenet_comp_graph_label_strings-1001.txt")));
    }
}
