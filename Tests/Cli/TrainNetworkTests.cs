using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Cli;

/// <summary><c>mlp train</c> with networks, on small drawn images.</summary>
[TestClass]
public sealed class TrainNetworkTests
{
    private const string Tiny = """{ "name": "tiny", "layers": [ { "type": "conv2d", "filters": 8, "stride": 2 }, { "type": "relu" }, { "type": "maxpool" }, { "type": "dense" } ] }""";

    private static readonly TemporaryFolder Folder = new();

    [ClassInitialize]
    public static void Draw(TestContext _) => SampleImages.Write(Folder["images"], new SampleImageSettings { TrainPerClass = 12, TestPerClass = 2 });

    [ClassCleanup]
    public static void Remove() => Folder.Dispose();

    [TestMethod]
    public void A_network_from_a_file_is_trained_told_of_and_gone_on_with()
    {
        var (network, bundle, history) = (Folder.Write("tiny.json", Tiny), Folder["tiny.mlbundle"], Folder["tiny.csv"]);
        var result = Mlp.Succeeds(
            "train", Folder["images"], "--trainer", network, "--out", bundle, "--epochs", "3", "--batch", "16", "--optimizer", "sgd", "--lr", "0.05", "--schedule", "cosine",
            "--class-weights", "auto", "--augment", "flip,shift=1", "--monitor", "val_loss", "--history", history, "--summary", "--no-cache");

        StringAssert.Contains(result.Error, "conv2d_1 (conv2d)");
        StringAssert.Contains(result.Error, "3/3");
        var trained = ModelBundle.Open(bundle);
        Assert.AreEqual("tiny", trained.Manifest.Training!.Trainer);
        Assert.HasCount(3, trained.History!.Epochs);
        Assert.HasCount(4, File.ReadAllLines(history));
        Assert.IsFalse(Directory.Exists(bundle + ".checkpoints"), "the checkpoints beside the bundle are gone when it is done");

        Mlp.Succeeds("train", Folder["images"], "--from", bundle, "--out", Folder["more.mlbundle"], "--epochs", "1", "--no-cache", "--quiet");
        Assert.AreEqual(trained.Hash, ModelBundle.Open(Folder["more.mlbundle"]).Manifest.Parent);
    }

    [TestMethod]
    public void A_training_that_the_time_budget_ended_says_where_and_how_to_go_on()
    {
        var network = Folder.Write("hurried.json", Tiny);
        var result = Mlp.Succeeds(
            "train", Folder["images"], "--trainer", network, "--out", Folder["hurried.mlbundle"], "--batch", "4", "--time-budget", "0.001s", "--no-cache");

        Assert.Contains("The time of 00:00:00.0010000 was used up in epoch 1 after batch", result.Error);
        Assert.Contains("--checkpoints", result.Error);
        Assert.IsEmpty(ModelBundle.Open(Folder["hurried.mlbundle"]).History!.Epochs);
    }

    [TestMethod]
    public void A_head_is_trained_on_a_bundle_and_gone_on_with_from_the_embeddings_in_the_cache()
    {
        var network = Folder.Write("back.json", Tiny);
        Mlp.Succeeds("train", Folder["images"], "--trainer", network, "--out", Folder["back.mlbundle"], "--epochs", "1", "--no-cache", "--quiet");
        var first = Mlp.Succeeds("train", Folder["images"], "--trainer", "head", "--backbone", Folder["back.mlbundle"], "--head", "mlp", "--out", Folder["head.mlbundle"], "--epochs", "2", "--cache", Folder["cache"]);
        var more = Mlp.Succeeds("train", Folder["images"], "--from", Folder["head.mlbundle"], "--out", Folder["more.mlbundle"], "--epochs", "1", "--cache", Folder["cache"]);

        var (head, gone) = (ModelBundle.Open(Folder["head.mlbundle"]), ModelBundle.Open(Folder["more.mlbundle"]));
        Assert.AreEqual(("head", "head", head.Hash), (head.Manifest.Training!.Trainer, gone.Manifest.Training!.Trainer, gone.Manifest.Parent));
        foreach (var origin in (string[])["backbone", "backboneSha256", "embedding"])
            Assert.AreEqual(head.Manifest.Training.Settings[origin], gone.Manifest.Training.Settings[origin]);
        StringAssert.Contains(first.Error, "Embed");
        Assert.IsFalse(more.Error.Contains("Embed", StringComparison.Ordinal), more.Error);
        Assert.HasCount(1, Directory.GetFiles(Folder["cache"], "*.embeddings"));
    }

    [TestMethod]
    [DataRow("--from head.mlbundle --head mlp", "--from goes on with the head of 'head' on the backbone in it; leave out --head.")]
    [DataRow("--from head.mlbundle --backbone back.mlbundle", "leave out --backbone. For another backbone or head, begin anew")]
    [DataRow("--from head.mlbundle --preset mnist", "The bundle 'head' knows how its pixels become numbers; leave out --preset.")]
    [DataRow("--from head.mlbundle --trainer cnn", "--from names a bundle with a head, and --trainer 'cnn'; leave --trainer out, the bundle decides.")]
    [DataRow("--from back.mlbundle --trainer head", "ends in no head that says how it was made, so that there is none to go on with. To put a new head on it, name it by --backbone instead.")]
    [DataRow("--from back.mlbundle --backbone back.mlbundle", "--backbone is for --trainer head; --trainer tiny does not take it.")]
    public void What_a_head_cannot_go_on_with_is_refused_with_the_reason(string options, string expected)
    {
        Mlp.Succeeds("train", Folder["images"], "--trainer", Folder.Write("back.json", Tiny), "--out", Folder["back.mlbundle"], "--epochs", "1", "--no-cache", "--quiet");
        Mlp.Succeeds("train", Folder["images"], "--trainer", "head", "--backbone", Folder["back.mlbundle"], "--out", Folder["head.mlbundle"], "--epochs", "1", "--no-cache", "--quiet");

        var result = Mlp.Run(["train", Folder["images"], "--out", Folder["x.mlbundle"], .. options.Split(' ').Select(word => word.EndsWith(".mlbundle", StringComparison.Ordinal) ? Folder[word] : word)]);

        Assert.AreEqual(2, result.ExitCode, result.Error);
        StringAssert.Contains(result.ErrorLine, expected);
    }

    [TestMethod]
    [DataRow("--trainer forest", "--trainer was 'forest'; there are cnn, mlp, resnet, tutorial-cnn, head, maxent, or a file with a network (.json).")]
    [DataRow("--trainer head", "--trainer head needs --backbone")]
    [DataRow("--backbone x.onnx", "--backbone is for --trainer head; --trainer cnn does not take it.")]
    [DataRow("--trainer maxent --focal 2", "--focal is for networks; --trainer maxent does not take it.")]
    [DataRow("--optimizer magic", "--optimizer was 'magic'; there are sgd, rmsprop, adam, adamw.")]
    [DataRow("--momentum 0.9", "--momentum was given, and the optimizer is AdamW, which has its own; choose --optimizer sgd or rmsprop.")]
    [DataRow("--schedule magic", "--schedule was 'magic'; there are constant, step, cosine, onecycle, plateau.")]
    [DataRow("--augment magic", "there is none, light, or a list of flip,")]
    [DataRow("--class-weights shirt", "it must be none, balanced, auto, or weights by class such as shirt=2")]
    [DataRow("--time-budget long", "it must be a number with s, m or h")]
    [DataRow("--patience 3", "--patience and --min-delta belong to --early-stopping METRIC.")]
    [DataRow("--history h.txt", "the name must end in .json, .csv, .tsv, .html.")]
    [DataRow("--epochs 0", "Epochs is 0; expected at least 1.")]
    public void What_is_not_known_is_refused_with_what_is(string options, string expected)
    {
        var result = Mlp.Run(["train", Folder["images"], "--out", Folder["x.mlbundle"], .. options.Split(' ')]);

        Assert.AreEqual(2, result.ExitCode, result.Error);
        StringAssert.Contains(result.ErrorLine, expected);
    }

    [TestMethod]
    public void A_training_that_was_broken_off_is_not_overwritten_and_the_error_says_how_to_go_on()
    {
        Folder.Write("broken.mlbundle.checkpoints/last.checkpoint", "what was learnt");
        var result = Mlp.Run("train", Folder["images"], "--out", Folder["broken.mlbundle"]);

        Assert.AreEqual(1, result.ExitCode, result.Error);
        StringAssert.Contains(result.ErrorLine, "--resume goes on with it");
        Assert.AreEqual("what was learnt", File.ReadAllText(Folder["broken.mlbundle.checkpoints/last.checkpoint"]));
    }

    [TestMethod]
    public void Classes_of_IDX_files_are_called_by_their_numbers_which_is_said_with_how_to_name_them()
    {
        // 40 images of 8×8, of the classes 0 and 1 in turn.
        Folder.Write("idx/train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8, .. Enumerable.Range(0, 40 * 64).Select(i => (byte)(i * 37))]);
        Folder.Write("idx/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 40, .. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))]);
        string[] train = ["train", Folder["idx"], "--trainer", Folder.Write("idx.json", Tiny), "--out", Folder["idx.mlbundle"], "--epochs", "1", "--no-cache"];
        const string note = "The classes are called by their numbers, 0 to 1: --labels FILE names them";

        Assert.Contains(note, Mlp.Succeeds(train).Error);
        CollectionAssert.AreEqual(new[] { "0", "1" }, ModelBundle.Open(Folder["idx.mlbundle"]).Manifest.Labels.ToArray());
        var unknown = Mlp.Run([.. train, "--early-stopping", "val_f1[shirt]"]);
        Assert.AreEqual(2, unknown.ExitCode, unknown.Error);
        Assert.Contains("'val_f1[shirt]' names the class 'shirt', which there is not; did you mean '0'? The classes are '0', '1'.", unknown.ErrorLine);

        var named = Mlp.Succeeds([.. train, "--labels", Folder.Write("names.txt", "shirt\nbag\n"), "--early-stopping", "val_f1[shirt]"]);
        Assert.DoesNotContain(note, named.Error);
        CollectionAssert.AreEqual(new[] { "shirt", "bag" }, ModelBundle.Open(Folder["idx.mlbundle"]).Manifest.Labels.ToArray());
    }

    [TestMethod]
    public void A_metric_of_a_class_that_there_is_not_is_refused_with_the_classes()
    {
        var result = Mlp.Run("train", Folder["images"], "--out", Folder["y.mlbundle"], "--early-stopping", "val_f1[shirt]", "--no-cache");

        Assert.AreEqual(2, result.ExitCode, result.Error);
        StringAssert.Contains(result.ErrorLine, "'circle'");
    }
}
