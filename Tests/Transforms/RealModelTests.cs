using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

/// <summary>Whole pipelines over published models and photos: load, score, temperature, top-N.</summary>
[TestClass]
public sealed class RealModelTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void The_zoo_s_digit_classifier_gives_its_reference_scores(int set)
    {
        var folder = TestData.Require("onnx/mnist-8");
        var input = OnnxTensorFile.Read(Path.Combine(folder, $"test_data_set_{set}", "input_0.pb")).Tensor.Values<float>().ToArray();
        var expected = OnnxTensorFile.Read(Path.Combine(folder, $"test_data_set_{set}", "output_0.pb")).Tensor.Values<float>().ToArray();
        var data = Context.Data.LoadFromEnumerable<Digit>([new() { Pixels = input }]);
        using var scorer = Context.Transforms.ScoreOnnx("Score", "Pixels", Path.Combine(folder, "model.onnx")).Fit(data);

        var scores = scorer.Transform(data).GetColumn<float[]>("Score").Single();

        Assert.HasCount(expected.Length, scores);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], scores[i], 1e-3f * Math.Max(1, Math.Abs(expected[i])));
    }

    [TestMethod]
    public void ResNet_8_knows_55_of_56_small_images()
    {
        var images = Directory.GetFiles(TestData.Require("cifar10/lossless56"), "*.png").Order().Select(path => new Photo { Path = path }).ToArray();
        var labels = File.ReadAllLines(TestData.Require("labels/cifar10-labels.txt"));
        var model = TestData.Require("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx");

        var best = Best(images, PreprocessingPresets.Get("cifar10-raw"), model, labels, ImageErrorPolicy.Fail);

        var right = images.Zip(best)
            .Count(pair => Path.GetFileNameWithoutExtension(pair.First.Path).EndsWith("_" + pair.Second[0].Label, StringComparison.Ordinal));
        Assert.AreEqual(55, right);
    }

    [TestMethod]
    public void SqueezeNet_knows_most_photos_and_the_absent_one_is_no_class()
    {
        var folder = TestData.Require("photos/imagenet-style-20");
        var tags = File.ReadAllLines(Path.Combine(folder, "tags.tsv")).Select(line => line.Split('\t')).ToArray();
        var labels = File.ReadAllLines(TestData.Require("labels/imagenet-synset-1000.txt"));
        var model = TestData.Require("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx");
        var preprocessing = PreprocessingPresets.Get("imagenet-caffe") with { Width = 227, Height = 227 };

        var best = Best([.. tags.Select(tag => new Photo { Path = Path.Combine(folder, tag[0]) })], preprocessing, model, labels,
            ImageErrorPolicy.Missing);

        Assert.AreEqual(17, tags.Zip(best).Count(pair => pair.Second[0].Label.Contains(pair.First[1], StringComparison.Ordinal)));
        Assert.AreEqual("coffeepot4.jpg", tags.Zip(best).Single(pair => pair.Second[0].Label.Length == 0).First[0]);
    }

    private static IReadOnlyList<Prediction>[] Best(
        Photo[] photos, ImagePreprocessing preprocessing, string model, string[] labels, ImageErrorPolicy onError)
    {
        var data = Context.Data.LoadFromEnumerable(photos);
        using var pipeline = Context.Transforms.LoadImageTensors("Tensor", "Path", preprocessing, onError)
            .Append(Context.Transforms.ScoreOnnx("Score", "Tensor", model, new() { Labels = labels }))
            .Append(Context.Transforms.TemperatureSoftmax("Score", temperature: 1.5, input: SoftmaxInput.Probabilities))
            .Append(Context.Transforms.TopN("Top", "Score", 5))
            .Fit(data);
        return [.. pipeline.Transform(data).ReadTopN("Top")];
    }

    private sealed class Digit
    {
        [VectorType(1, 28, 28)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Photo
    {
        public string Path { get; set; } = "";
    }
}
