using MLPipelines.Images;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class OnnxImportTests
{
    private static readonly string[] ten = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    [TestMethod]
    [DataRow("ChannelsFirst", new long[] { 3, 5, 7 })]
    [DataRow("ChannelsLast", new long[] { 5, 7, 3 })]
    public void Size_channels_and_layout_come_from_the_model(string layout, long[] dimensions)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier(dimensions));

        var manifest = OnnxImport.Import(path, Options with { Preset = "unit" }).Manifest;

        Assert.AreEqual((7, 5, 3), (manifest.Preprocessing.Width, manifest.Preprocessing.Height, manifest.Preprocessing.Channels));
        Assert.AreEqual(layout, manifest.Preprocessing.Layout.ToString());
        Assert.AreEqual("model", manifest.Name);
        Assert.AreEqual(SampleBundles.Noon, manifest.CreatedAt);
    }

    [TestMethod]
    public void The_crop_of_a_preset_keeps_its_proportion()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier([3, 112, 112]));

        Assert.AreEqual(128, OnnxImport.Import(path, Options with { Preset = "imagenet-torch" }).Manifest.Preprocessing.ShorterSide);
    }

    [TestMethod]
    [DataRow("", "logits", SoftmaxInput.Logits)]
    [DataRow("Softmax", "logits", SoftmaxInput.Logits)]
    [DataRow("Softmax Identity", "logits", SoftmaxInput.Logits)]
    [DataRow("LogSoftmax", "out0", SoftmaxInput.Logits)]
    public void Where_a_softmax_ends_the_graph_the_logits_before_it_are_used(string tail, string output, SoftmaxInput kind)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier([3, 4, 4], tail));

        var bundle = OnnxImport.Import(path, Options with { Preset = "unit" });

        Assert.AreEqual(new ModelSignature("input", output, kind), bundle.Manifest.Model);
        using var predictor = new Predictor(bundle);
        Assert.AreEqual(1, predictor.Predict(Grey(4, 4), 10).Predictions.Sum(prediction => prediction.Probability), 1e-5);
    }

    [TestMethod]
    public void Probabilities_and_logits_of_the_same_model_give_the_same_answer()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier([3, 4, 4], "Softmax"));

        var logits = OnnxImport.Import(path, Options with { Preset = "unit" });
        var probabilities = OnnxImport.Import(path, Options with { Preset = "unit", OutputKind = SoftmaxInput.Probabilities });

        Assert.AreEqual("out0", probabilities.Manifest.Model.Output);
        using var first = new Predictor(logits);
        using var second = new Predictor(probabilities);
        foreach (var (a, b) in first.Predict(Grey(4, 4), 10).Predictions.Zip(second.Predict(Grey(4, 4), 10).Predictions))
        {
            Assert.AreEqual(a.Label, b.Label);
            Assert.AreEqual(a.Probability, b.Probability, 1e-5);
        }
    }

    [TestMethod]
    public void Without_labels_or_preprocessing_the_error_says_what_is_needed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier([3, 4, 4]));

        var labels = Assert.ThrowsExactly<ArgumentException>(() => OnnxImport.Import(path, Options with { Labels = null, Preset = "unit" }));
        StringAssert.Contains(labels.Message, "has 10 classes and does not name them");

        var preset = Assert.ThrowsExactly<ArgumentException>(() => OnnxImport.Import(path, Options));
        StringAssert.Contains(preset.Message, "4 × 4 pixels, 3 channels, ChannelsFirst");
        StringAssert.Contains(preset.Message, "--preset");
        StringAssert.Contains(preset.Message, "imagenet-torch");
        Assert.DoesNotContain("mnist-raw", preset.Message, "a grey preset cannot fit");
    }

    [TestMethod]
    public void Options_that_do_not_fit_the_model_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Classifier([3, 4, 4]));

        Refused(Options with { Preset = "unit", Labels = [.. ten, "background"] }, "10 classes, and 11 labels were given. One too many");
        Refused(Options with { Preset = "mnist" }, "makes 1 channel (Grey)");
        Refused(Options with { Preset = "unit", Output = "scores" }, "no output 'scores'; it has");
        Refused(Options with { Preset = "unit", Input = "data" }, "no input 'data'; it has input");
        Refused(Options with { Preprocessing = new ImagePreprocessing { Width = 8, Height = 8 } }, "[N,3,8,8]");

        void Refused(OnnxImportOptions options, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => OnnxImport.Import(path, options)).Message, expected);
    }

    [TestMethod]
    public void Models_that_are_no_image_classifiers_are_refused()
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Refused<InvalidDataException>("text"u8.ToArray()), "no ONNX model");
        StringAssert.Contains(Refused<NotSupportedException>(Classifier([48])), "no batch of images");
        StringAssert.Contains(Refused<NotSupportedException>(Classifier([3, 4, 4], "Sigmoid")), "sigmoid");
        StringAssert.Contains(Refused<InvalidDataException>(Classifier([3, 5, 3])), "not clear where the channels");

        string Refused<T>(byte[] model) where T : Exception =>
            Assert.ThrowsExactly<T>(() => OnnxImport.Import(folder.Write("model.onnx", model), Options with { Preset = "unit" })).Message;
    }

    [TestMethod]
    public void A_model_of_a_fixed_batch_size_takes_any_number_of_images()
    {
        var bundle = OnnxImport.Import(TestData.Require("onnx/mnist-8/model.onnx"),
            Options with { Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")], Preset = "mnist-raw" });
        var test = ImageDataset.Open(TestData.Require("mnist")).ForEvaluation();

        using var predictor = new Predictor(bundle);
        var items = test.Items.Take(200).ToArray();
        var right = predictor.PredictBatch(items).Zip(items).Count(pair => pair.First.Best.Label == pair.Second.Label);

        Assert.IsGreaterThanOrEqualTo(196, right);
    }

    // "N" is open, but the mean over the batch makes images depend on their company.
    [TestMethod]
    public void A_model_that_mixes_its_images_answers_each_as_if_it_were_alone()
    {
        using var folder = new TemporaryFolder();
        var model = new OnnxGraphBuilder("mixing").Input("x", TensorElementType.Float, "N", 1, 2, 5)
            .Node("Flatten", ["x"], ["flat"])
            .Node("ReduceMean", ["flat"], ["mean"], new() { ["axes"] = (long[])[0], ["keepdims"] = 1 })
            .Node("Add", ["flat", "mean"], ["y"])
            .Output("y", TensorElementType.Float, "N", 10).ToBytes();
        var bundle = OnnxImport.Import(folder.Write("model.onnx", model), Options with { Preset = "mnist" });
        byte[][] images = [Grey(5, 2), Grey(20, 9), Grey(7, 3)];
        using var predictor = new Predictor(bundle);

        var together = predictor.PredictBatch([.. images.Select((bytes, i) => new ImageItem($"{i}", null, null, () => bytes))]);

        foreach (var (image, answer) in images.Zip(together))
            CollectionAssert.AreEqual(predictor.Predict(image).Predictions.ToArray(), answer.Predictions.ToArray());
    }

    [TestMethod]
    public void ResNet8_knows_the_lossless_CIFAR_10_images()
    {
        var bundle = OnnxImport.Import(
            TestData.Require("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx"),
            Options with { Labels = LabelsFile.Read(TestData.Require("labels/cifar10-labels.txt")), Preset = "cifar10-raw" });
        using var predictor = new Predictor(bundle);

        var files = Directory.GetFiles(TestData.Require("cifar10/lossless56"), "*.png");
        var right = files.Count(file => predictor.Predict(file).Best.Label == Path.GetFileNameWithoutExtension(file).Split('_')[1]);

        Assert.AreEqual("logits", bundle.Manifest.Model.Output);
        Assert.AreEqual(55, right);
    }

    [TestMethod]
    public void SqueezeNet_knows_17_of_the_19_photos_by_their_synonyms()
    {
        var labels = LabelsFile.Read(TestData.Require("labels/imagenet-synset-1000.txt"));
        // 17 is what an independent evaluator measured with the whole photo stretched; the preset's crop loses two of them.
        var preprocessing = PreprocessingPresets.Get("imagenet-caffe") with { Width = 227, Height = 227, Resize = ResizeMode.Stretch,
            ShorterSide = null };
        var bundle = OnnxImport.Import(TestData.Require("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx"),
            Options with { Labels = labels, Preprocessing = preprocessing });
        var photos = ImageDataset.Open(TestData.Require("photos/imagenet-style-20"), new() { Labels = labels, OnBadItem = BadItemPolicy.Skip });
        using var predictor = new Predictor(bundle);

        var right = photos.Items.Count(item => predictor.Predict(item.ReadBytes()).Best.Label == labels[photos.LabelNumber(item)]);

        Assert.HasCount(19, photos.Items);
        Assert.AreEqual(17, right);
    }

    private static OnnxImportOptions Options => new() { CreatedAt = SampleBundles.Noon, Labels = ten };

    // A Gemm with the weights 0, 0.01, 0.02, … (mod 97), and then the given operators.
    private static byte[] Classifier(long[] dimensions, string tail = "")
    {
        var length = (int)dimensions.Aggregate((product, dimension) => product * dimension);
        var graph = new OnnxGraphBuilder("test")
            .Input("input", TensorElementType.Float, [(OnnxDimension)"N", .. dimensions.Select(dimension => (OnnxDimension)dimension)])
            .Initializer("weights", OnnxTensor.Of<float>([.. Enumerable.Range(0, 10 * length).Select(i => i * i % 97 / 100f)], 10, length))
            .Node("Flatten", ["input"], ["flat"])
            .Node("Gemm", ["flat", "weights"], ["logits"], new() { ["transB"] = 1 });
        var output = "logits";
        foreach (var (i, type) in tail.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index()) graph.Node(type, [output], [output = $"out{i}"]);
        return graph.Output(output, TensorElementType.Float, "N", 10).ToBytes();
    }

    private static byte[] Grey(int width, int height) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"), .. Enumerable.Range(0, width * height).Select(i => (byte)(i * 13))];
}
