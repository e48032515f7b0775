using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Onnx;

[TestClass]
public sealed class RealModelTests
{
    private const string Model = "onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx";
    private const string Images = "cifar10/lossless56";

    private static readonly string[] Labels = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private readonly MLContext _ml = new(seed: 1);

    // An independent evaluator finds 55 of these 56 right.
    [TestMethod]
    public void ResNet8_classifies_55_of_56_images_from_file_to_label()
    {
        var folder = TestData.Require(Images);
        var files = Directory.GetFiles(folder, "*.png").Order().Select(path => new ImageFile { Path = Path.GetFileName(path) }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(files);
        var pipeline = _ml.Transforms.LoadImages("image", folder, "Path")
            .Append(_ml.Transforms.ResizeImages("image", 32, 32))
            .Append(_ml.Transforms.ExtractPixels("input_1_nhwc", "image", interleavePixelColors: true))
            .Append(_ml.Transforms.ApplyOnnxModel("softmax", "input_1_nhwc", TestData.Require(Model)));

        var scores = pipeline.Fit(data).Transform(data).GetColumn<float[]>("softmax").ToArray();

        Assert.HasCount(56, scores);
        Assert.AreEqual(55, scores.Zip(files).Count(pair => pair.Second.Path.EndsWith($"_{Best(pair.First)}.png", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Rows_score_together_as_they_do_alone_and_on_several_threads()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 150)
            .Select(_ => new Pixels { Values = [.. Enumerable.Range(0, 32 * 32 * 3).Select(_ => random.Next(256))] }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var transformer = _ml.Transforms.ApplyOnnxModel("softmax", "input_1_nhwc", TestData.Require(Model)).Fit(data);
        var scored = transformer.Transform(data);

        var together = new float[4][][];
        Parallel.For(0, together.Length, pass => together[pass] = [.. scored.GetColumn<float[]>("softmax")]);

        using var session = OnnxSession.Open(TestData.Require(Model));
        for (var row = 0; row < rows.Length; row++)
        {
            var alone = session.Run(OnnxTensor.Of(rows[row].Values, 1, 32, 32, 3), "softmax").Values<float>();
            foreach (var pass in together)
            {
                for (var label = 0; label < Labels.Length; label++)
                    Assert.AreEqual(alone[label], pass[row][label], 1e-5);
            }
        }
    }

    private static string Best(float[] scores) => Labels[Array.IndexOf(scores, scores.Max())];

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";
    }

    private sealed class Pixels
    {
        [ColumnName("input_1_nhwc"), VectorType(32 * 32 * 3)]
        public float[] Values { get; set; } = [];
    }
}
