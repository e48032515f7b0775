using System.Text.Json;
using MLPipelines.Evaluation;
using MLPipelines.Pipelines;
using MLPipelines.Tests.Learning;

namespace MLPipelines.Tests.Cli;

/// <summary>The whole way through every command, on a small data set of drawn images.</summary>
[TestClass]
public sealed class WholeWayTests
{
    private static readonly TemporaryFolder Folder = new();

    private static string Images => Folder["images"];

    private static string Bundle => Folder["model.mlbundle"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        SampleImages.Write(Images, new SampleImageSettings { TrainPerClass = 40, TestPerClass = 10, Difficulty = 0.1 });
        Mlp.Succeeds("train", Images, "--trainer", "maxent", "--out", Bundle, "--epochs", "20");
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Evaluate_writes_a_report_and_metrics_and_tells_the_same_on_both_ways()
    {
        var onTheScreen = Mlp.Succeeds("evaluate", Bundle, Images, "--json").Json;
        Mlp.Succeeds("evaluate", Bundle, Images, "--report", Folder["report.html"], "--json", Folder["metrics.json"]);

        var written = JsonDocument.Parse(File.ReadAllText(Folder["metrics.json"])).RootElement;
        Assert.IsTrue(JsonElement.DeepEquals(onTheScreen, written));
        Assert.AreEqual(120, written.GetProperty("rows").GetInt32());
        Assert.Contains("Worst mistakes", File.ReadAllText(Folder["report.html"]));
    }

    [TestMethod]
    public void A_bundle_that_tells_how_it_was_trained_has_it_in_its_report()
    {
        var bundle = ModelBundle.Open(Bundle);
        bundle.WithHistory(SampleHistories.Of(bundle.Labels, 3)).Save(Folder["told.mlbundle"]);
        bundle.WithPart(ModelBundle.HistoryPart, "{ \"schemaVersion\": 99 }"u8.ToArray()).Save(Folder["newer.mlbundle"]);

        Mlp.Succeeds("evaluate", Folder["told.mlbundle"], Images, "--report", Folder["told.html"]);
        Mlp.Succeeds("evaluate", Folder["newer.mlbundle"], Images, "--report", Folder["newer.html"]);

        Assert.Contains("<section id=\"training\"", File.ReadAllText(Folder["told.html"]));
        var newer = File.ReadAllText(Folder["newer.html"]);
        Assert.DoesNotContain("<section id=\"training\"", newer);
        Assert.Contains("How the model was trained cannot be shown. The part &#39;history.json&#39; of the model &#39;model&#39; was written by a newer MLPipelines", newer);
    }

    [TestMethod]
    public void Scores_written_by_score_evaluate_to_the_same_metrics()
    {
        Mlp.Succeeds("score", Bundle, Images, "--out", Folder["scores.csv"]);
        var direct = Mlp.Succeeds("evaluate", Bundle, Images, "--json").Json.GetProperty("metrics");
        var fromTable = Mlp.Succeeds("evaluate", "--scores", Folder["scores.csv"], "--json").Json.GetProperty("metrics");

        Assert.IsTrue(JsonElement.DeepEquals(direct, fromTable));
    }

    [TestMethod]
    public void Predict_names_each_image_and_an_unreadable_one_does_not_keep_the_others_from_their_answer()
    {
        var image = Path.Combine(Images, "test", "ring", "0000.png");
        var text = Folder.Write("text.png", "no picture");

        var result = Mlp.Run("predict", Bundle, image, text, "--top", "2", "--json");

        Assert.AreEqual(4, result.ExitCode);
        Assert.Contains("text.png", result.ErrorLine);
        var answers = result.Json.GetProperty("images");
        Assert.AreEqual("ring", answers[0].GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.AreEqual(2, answers[0].GetProperty("predictions").GetArrayLength());
        Assert.AreEqual(0, answers[1].GetProperty("predictions").GetArrayLength());
    }

    [TestMethod]
    public void Calibrate_changes_the_temperature_and_no_answer()
    {
        Mlp.Succeeds("train", Images, "--trainer", "maxent", "--out", Folder["raw.mlbundle"], "--validation", "0", "--epochs", "20");
        SampleImages.Write(Folder["other-images"], new SampleImageSettings { TrainPerClass = 10, TestPerClass = 0, Seed = 7, Difficulty = 0.1 });

        Mlp.Succeeds("calibrate", Folder["raw.mlbundle"], Folder["other-images"], "--part", "train", "--out", Folder["calibrated.mlbundle"]);

        var (before, after) = (ModelBundle.Open(Folder["raw.mlbundle"]), ModelBundle.Open(Folder["calibrated.mlbundle"]));
        Assert.AreEqual(1.0, before.Temperature);
        Assert.AreNotEqual(1.0, after.Temperature);
        Assert.AreEqual(before.Hash, after.Manifest.Parent);
        var images = ImageDataset.Open(Images).ForEvaluation();
        Assert.AreEqual(Accuracy(before, images), Accuracy(after, images));
    }

    [TestMethod]
    public void Calibrate_wants_to_know_which_part_it_may_use()
    {
        var result = Mlp.Run("calibrate", Bundle, Images, "--out", Folder["never.mlbundle"]);

        Assert.AreEqual(2, result.ExitCode);
        Assert.Contains("--part", result.ErrorLine);
        Assert.IsFalse(File.Exists(Folder["never.mlbundle"]));
    }

    [TestMethod]
    public void The_model_inside_a_bundle_imports_as_a_foreign_one_and_answers_the_same()
    {
        File.WriteAllBytes(Folder["classifier.onnx"], ModelBundle.Open(Bundle).Classifier.ToArray());
        var labels = Folder.Write("labels.txt", string.Join('\n', SampleImages.Classes));

        Mlp.Succeeds("import", Folder["classifier.onnx"], "--labels", labels, "--preset", "unit", "--out", Folder["foreign.mlbundle"]);

        var images = ImageDataset.Open(Images).ForEvaluation();
        Assert.AreEqual(Accuracy(ModelBundle.Open(Bundle), images), Accuracy(ModelBundle.Open(Folder["foreign.mlbundle"]), images));
    }

    [TestMethod]
    public void Import_with_too_few_labels_says_both_numbers()
    {
        File.WriteAllBytes(Folder["few.onnx"], ModelBundle.Open(Bundle).Classifier.ToArray());
        var labels = Folder.Write("few.txt", "a\nb\nc");

        var result = Mlp.Run("import", Folder["few.onnx"], "--labels", labels, "--preset", "unit", "--out", Folder["few.mlbundle"]);

        Assert.AreEqual(5, result.ExitCode, result.Error);
        Assert.Contains("12 classes", result.ErrorLine);
        Assert.Contains("3 labels", result.ErrorLine);
    }

    [TestMethod]
    public void A_broken_image_stops_training_but_not_an_evaluation_which_counts_it()
    {
        var images = Folder["broken-images"];
        SampleImages.Write(images, new SampleImageSettings { TrainPerClass = 3, TestPerClass = 3 });
        foreach (var part in new[] { "train", "test" })
            File.WriteAllText(Path.Combine(images, part, "star", "0001.png"), "no picture");

        var training = Mlp.Run("train", images, "--trainer", "maxent", "--out", Folder["broken.mlbundle"]);
        var evaluation = Mlp.Succeeds("evaluate", Bundle, images, "--report", Folder["broken.html"], "--quarantine", Folder["broken.csv"]);

        Assert.AreEqual(4, training.ExitCode);
        Assert.Contains("star/0001.png", training.ErrorLine);
        Assert.IsFalse(File.Exists(Folder["broken.mlbundle"]));
        Assert.Contains("35 rows read", evaluation.Output);
        Assert.Contains("1 of 36 items were left out", evaluation.Error);
        Assert.Contains("star/0001.png", File.ReadAllText(Folder["broken.csv"]));
        Assert.Contains("star/0001.png", File.ReadAllText(Folder["broken.html"]));
    }

    [TestMethod]
    public void An_empty_folder_and_a_single_class_cannot_be_trained_on()
    {
        Directory.CreateDirectory(Folder["empty"]);
        SampleImages.Write(Folder["one-class"], new SampleImageSettings { TrainPerClass = 2, TestPerClass = 0 });
        foreach (var other in Directory.GetDirectories(Path.Combine(Folder["one-class"], "train")).Skip(1))
            Directory.Delete(other, recursive: true);

        var (empty, one) = (Mlp.Run("train", Folder["empty"], "--trainer", "maxent", "--out", Folder["x.mlbundle"]),
            Mlp.Run("train", Folder["one-class"], "--trainer", "maxent", "--out", Folder["x.mlbundle"]));

        Assert.AreEqual(4, empty.ExitCode);
        Assert.Contains("empty", empty.ErrorLine);
        Assert.AreEqual(4, one.ExitCode);
        Assert.Contains("only one class", one.ErrorLine);
        Assert.IsFalse(File.Exists(Folder["x.mlbundle"]));
    }

    [TestMethod]
    public void A_changed_bundle_is_refused()
    {
        var bytes = File.ReadAllBytes(Bundle);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Folder["changed.mlbundle"], bytes);

        var result = Mlp.Run("evaluate", Folder["changed.mlbundle"], Images);

        Assert.AreEqual(5, result.ExitCode, result.Error);
        Assert.Contains("changed.mlbundle", result.ErrorLine);
    }

    private static double Accuracy(ModelBundle bundle, ImageDataset images) =>
        ClassificationEvaluation.Of(ImageClassificationPipeline.Score(bundle, images))[LabelMetrics.Accuracy];
}
