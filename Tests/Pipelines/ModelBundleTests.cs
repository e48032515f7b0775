using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Tests.Learning;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class ModelBundleTests
{
    private static readonly ReferenceStatistics reference =
        new(3, [new ChannelReference(100, 20.5, 0, 255)], [1, 2], [1, 1, 1], [0, 3, 0], [0, 3], 0.75);

    [TestMethod]
    public void What_is_saved_is_opened_again()
    {
        using var folder = new TemporaryFolder();
        var bundle = SampleBundles.Tiny.WithPart(ModelBundle.EvaluationPart, "{}"u8.ToArray()).WithReference(reference);

        bundle.Save(folder["new/tiny.mlbundle"]);
        var opened = ModelBundle.Open(folder["new/tiny.mlbundle"]);

        Assert.AreEqual(bundle.Hash, opened.Hash);
        Assert.AreEqual(bundle.Manifest.Preprocessing, opened.Manifest.Preprocessing);
        Assert.AreEqual(bundle.Manifest.Calibration, opened.Manifest.Calibration);
        Assert.AreEqual(bundle.Manifest.Model, opened.Manifest.Model);
        Assert.AreEqual(SampleBundles.Noon, opened.Manifest.CreatedAt);
        CollectionAssert.AreEqual(bundle.Labels.ToArray(), opened.Labels.ToArray());
        CollectionAssert.AreEqual(bundle.Classifier.ToArray(), opened.Classifier.ToArray());
        Assert.AreEqual(1.5, opened.Temperature);
        Assert.AreEqual(0.75, opened.Reference!.MeanConfidence);
        Assert.AreEqual(20.5, opened.Reference.Channels[0].StandardDeviation);
        CollectionAssert.AreEqual(
            new[] { "tiny.mlbundle" }, Directory.GetFiles(folder["new"]).Select(Path.GetFileName).ToArray(), "no temporary file is left");
    }

    [TestMethod]
    public void Equal_bundles_are_equal_bytes_and_any_difference_shows_in_the_hash()
    {
        CollectionAssert.AreEqual(SampleBundles.Tiny.Bytes(), SampleBundles.Tiny.Bytes());
        CollectionAssert.AreEqual(SampleBundles.Tiny.Bytes(), SampleBundles.Read(SampleBundles.Tiny.Bytes()).Bytes());

        var hashes = new[]
        {
            SampleBundles.Tiny,
            SampleBundles.Tiny.With(manifest => manifest with { Name = "other" }),
            SampleBundles.Tiny.With(manifest => manifest with { Calibration = null }),
            SampleBundles.Tiny.WithPart("notes.txt", "a"u8.ToArray()),
            SampleBundles.Tiny.WithPart("notes.txt", "b"u8.ToArray()),
        }.Select(bundle => bundle.Hash).ToArray();
        Assert.AreEqual(hashes.Length, hashes.Distinct().Count());
    }

    [TestMethod]
    public void The_manifest_is_plain_JSON_that_other_languages_can_read()
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(SampleBundles.Tiny.Bytes()));
        CollectionAssert.AreEqual(
            new[] { "classifier.onnx", "manifest.json", "manifest.sha256" }, zip.Entries.Select(entry => entry.FullName).ToArray());

        var json = JsonNode.Parse(zip.GetEntry("manifest.json")!.Open())!;

        Assert.AreEqual(1, json["schemaVersion"]!.GetValue<int>());
        Assert.AreEqual("left", json["labels"]![0]!.GetValue<string>());
        Assert.AreEqual(2, json["preprocessing"]!["width"]!.GetValue<int>());
        Assert.AreEqual("Grey", json["preprocessing"]!["colors"]!.GetValue<string>());
        Assert.AreEqual("Logits", json["model"]!["outputKind"]!.GetValue<string>());
        Assert.AreEqual(1.5, json["calibration"]!["temperature"]!.GetValue<double>());
        Assert.AreEqual("classifier.onnx", json["parts"]![0]!["name"]!.GetValue<string>());
        Assert.AreEqual(64, json["parts"]![0]!["sha256"]!.GetValue<string>().Length);
    }

    [TestMethod]
    public void A_bundle_that_is_replaced_is_never_half_there()
    {
        using var folder = new TemporaryFolder();
        SampleBundles.Tiny.Save(folder["tiny.mlbundle"]);
        using var open = File.Open(folder["tiny.mlbundle"], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

        SampleBundles.Tiny.With(manifest => manifest with { Name = "next" }).Save(folder["tiny.mlbundle"]);

        Assert.AreEqual("tiny", ModelBundle.Read(open, "old").Manifest.Name, "who had the old one open still reads all of it");
        Assert.AreEqual("next", ModelBundle.Open(folder["tiny.mlbundle"]).Manifest.Name);
    }

    [TestMethod]
    public void A_missing_file_is_said_to_be_missing() =>
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => ModelBundle.Open("nowhere.mlbundle")).Message,
            "'nowhere.mlbundle' does not exist");

    [TestMethod]
    public void A_description_that_does_not_fit_the_model_is_refused()
    {
        Refused(manifest => manifest with { Labels = ["left", "right"] }, "has 3 classes, and there are 2 labels");
        Refused(manifest => manifest with { Labels = ["left", "right", "left"] }, "'left' is given twice");
        Refused(manifest => manifest with { Labels = ["left", "right", ""] }, "Label 2 of 3 is empty");
        Refused(manifest => manifest with { Preprocessing = manifest.Preprocessing with { Width = 3 } }, "does not take images of [N,1,1,3]");
        Refused(manifest => manifest with { Preprocessing = manifest.Preprocessing with { Colors = ColorOrder.Rgb } }, "[N,3,1,2]");
        Refused(manifest => manifest with { Preprocessing = manifest.Preprocessing with { Scale = 0 } }, "Scale");
        Refused(manifest => manifest with { Model = manifest.Model with { Input = "pixels" } }, "no input 'pixels'; it has input");
        Refused(manifest => manifest with { Model = manifest.Model with { Output = "scores" } }, "no output 'scores'");
        Refused(manifest => manifest with { Calibration = manifest.Calibration! with { Temperature = 0 } }, "temperature is 0");

        static void Refused(Func<BundleManifest, BundleManifest> change, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => SampleBundles.Tiny.With(change)).Message, expected);
    }

    [TestMethod]
    public void A_part_that_is_not_there_is_null_and_not_empty()
    {
        Assert.IsNull(SampleBundles.Tiny.Part(ModelBundle.HistoryPart));
        Assert.IsNull(SampleBundles.Tiny.Reference);
        Assert.AreEqual(0, SampleBundles.Tiny.WithPart("empty.txt", Array.Empty<byte>()).Part("empty.txt")!.Value.Length);
        Assert.IsNull(SampleBundles.Tiny.WithPart("a.txt", "a"u8.ToArray()).WithoutPart("a.txt").Part("a.txt"));
        Assert.ThrowsExactly<InvalidDataException>(() => SampleBundles.Tiny.WithoutPart(ModelBundle.ClassifierPart));
    }

    [TestMethod]
    [DataRow("../evil")]
    [DataRow("folder/part.json")]
    [DataRow("manifest.json")]
    [DataRow("")]
    public void A_part_has_a_plain_name(string name) =>
        Assert.ThrowsExactly<ArgumentException>(() => SampleBundles.Tiny.WithPart(name, Encoding.UTF8.GetBytes("{}")));

    [TestMethod]
    public void A_bundle_keeps_how_it_was_trained()
    {
        var history = SampleHistories.Of(SampleBundles.Tiny.Labels, 4);

        var read = SampleBundles.Read(SampleBundles.Tiny.WithHistory(history).Bytes());

        Assert.IsNull(SampleBundles.Tiny.History);
        Assert.AreEqual(history.ToJson(), read.History!.ToJson());
    }

    [TestMethod]
    public void A_history_that_is_none_is_named_with_its_model()
    {
        var bundle = SampleBundles.Tiny.WithPart(ModelBundle.HistoryPart, "[]"u8.ToArray());

        var error = Assert.ThrowsExactly<InvalidDataException>(() => bundle.History);

        Assert.StartsWith("The part 'history.json' of the model 'tiny' is no training history", error.Message);
    }
}
