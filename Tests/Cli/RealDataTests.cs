using System.Text.Json;
using MLPipelines.Evaluation;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Cli;

/// <summary>The commands on real models and data sets; the figures are those that the data's README gives.</summary>
[TestClass]
public sealed class RealDataTests
{
    [TestMethod]
    public void Fashion_MNIST_is_learnt_and_its_temperature_lowers_loss_and_calibration_error_on_the_test_part()
    {
        using var folder = new TemporaryFolder();
        var data = TestData.Require("fashion-mnist");

        Mlp.Succeeds("train", data, "--trainer", "maxent", "--out", folder["f.mlbundle"], "--labels",
            TestData.Require("labels/fashion-mnist-labels.txt"));

        var bundle = ModelBundle.Open(folder["f.mlbundle"]);
        var run = BundleEvaluation.Of(bundle, ImageDataset.Open(data, new ImageDatasetOptions { Labels = bundle.Labels }).ForEvaluation());
        var (before, after) = (run.Details.Calibration!.Before, run.Evaluation);
        Assert.IsGreaterThanOrEqualTo(0.84, after[LabelMetrics.Accuracy]);
        Assert.IsLessThan(before[ScoreMetrics.LogLoss], after[ScoreMetrics.LogLoss]);
        Assert.IsLessThan(before[ScoreMetrics.ExpectedCalibrationError], after[ScoreMetrics.ExpectedCalibrationError]);
        Assert.AreEqual(before[LabelMetrics.Accuracy], after[LabelMetrics.Accuracy]);
        Assert.AreEqual(6, after.PerClass.MinBy(each => each.F1)!.Index, "class 6, the shirt, is the hardest");
    }

    [TestMethod]
    public void The_digit_model_of_the_ONNX_zoo_is_right_on_98_9_percent_of_the_test_digits()
    {
        using var folder = new TemporaryFolder();
        var labels = folder.Write("digits.txt", string.Join('\n', Enumerable.Range(0, 10)));
        Mlp.Succeeds("import", TestData.Require("onnx/mnist-8/model.onnx"), "--labels", labels, "--preset", "mnist-raw", "--out",
            folder["m.mlbundle"]);

        Assert.AreEqual(0.989, Metrics(folder["m.mlbundle"], TestData.Require("mnist")).GetProperty("accuracy").GetDouble(), 0.001);
    }

    [TestMethod]
    public void ResNet_8_is_right_on_55_of_the_56_lossless_images()
    {
        using var folder = new TemporaryFolder();
        var images = TestData.Require("cifar10/lossless56");
        var list = folder.Write("list.csv", "path,label\n" + string.Concat(Directory.GetFiles(images, "*.png").Order(StringComparer.Ordinal)
            .Select(file => $"{file},{Path.GetFileNameWithoutExtension(file).Split('_')[1]}\n")));
        Mlp.Succeeds(
            "import", TestData.Require("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx"), "--labels",
            TestData.Require("labels/cifar10-labels.txt"), "--preset", "cifar10-raw",
            "--out", folder["r.mlbundle"]);

        Assert.IsGreaterThanOrEqualTo(55.0 / 56, Metrics(folder["r.mlbundle"], list).GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    public void SqueezeNet_names_17_of_the_19_photos_and_the_missing_one_is_told()
    {
        using var folder = new TemporaryFolder();
        Mlp.Succeeds(
            "import", TestData.Require("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx"), "--labels",
            TestData.Require("labels/imagenet-synset-1000.txt"),
            "--preset", "imagenet-caffe", "--out", folder["s.mlbundle"]);

        var result = Mlp.Succeeds("evaluate", folder["s.mlbundle"], TestData.Require("photos/imagenet-style-20"), "--json", folder["s.json"]);

        var metrics = JsonDocument.Parse(File.ReadAllText(folder["s.json"])).RootElement;
        Assert.AreEqual(19, metrics.GetProperty("rows").GetInt32());
        Assert.IsGreaterThanOrEqualTo(17.0 / 19, metrics.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        Assert.Contains("coffeepot4.jpg", result.Error);
    }

    private static JsonElement Metrics(string bundle, string data) => Mlp.Succeeds("evaluate", bundle, data, "--json").Json.GetProperty("metrics");
}
