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
    public void A_head_is_trained_on_a_bundle()
    {
        var network = Folder.Write("back.json", Tiny);
        Mlp.Succeeds("train", Folder["images"], "--trainer", network, "--out", Folder["back.mlbundle"], "--epochs", "1", "--no-cache", "--quiet");
        Mlp.Succeeds("train", Folder["images"], "--trainer", "head", "--backbone", Folder["back.mlbundle"], "--head", "mlp", "--out", Folder["head.mlbundle"], "--epochs", "2", "--quiet");

        Assert.AreEqual("head", ModelBundle.Open(Folder["head.mlbundle"]).Manifest.Training!.Trainer);
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
    public void A_metric_of_a_class_that_there_is_not_is_refused_with_the_classes()
    {
        var result = Mlp.Run("train", Folder["images"], "--out", Folder["y.mlbundle"], "--early-stopping", "val_f1[shirt]", "--no-cache");

        Assert.AreEqual(2, result.ExitCode, result.Error);
        StringAssert.Contains(result.ErrorLine, "'circle'");
    }
}
