using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLPipelines.Onnx;
using MLPipelines.Tests.Transforms;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.MLNet;

/// <summary>ML.NET's <c>LoadImages → ResizeImages → ExtractPixels → ApplyOnnxModel</c> before our <c>TemperatureSoftmax → TopN</c>.</summary>
[TestClass]
public sealed class ImagesToTopNTests
{
    private static readonly MLContext Context = new();
    private static readonly string Shapes = Path.Combine(TestData.Repository, "data", "shapes", "test");

    [TestMethod]
    public void The_chain_ranks_by_what_the_model_gives_and_is_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows();
        using var chain = Chain(folder).Fit(rows);
        var made = chain.Transform(rows);
        Context.Model.Save(chain, rows.Schema, folder["chain.zip"]);
        var model = Context.Model.Load(folder["chain.zip"], out _);
        var loaded = model.Transform(rows);

        foreach (var (logits, index) in made.GetColumn<float[]>("logits").Zip(made.GetColumn<long[]>("Top.Index")))
            Assert.AreEqual(Array.IndexOf(logits, logits.Max()), index[0]);
        CollectionAssert.AreEqual(made.Lines("Top.Label"), loaded.Lines("Top.Label"));

        // Two passes differed in the sixth digit in two runs with many other tests and in none of nine alone. Why is not known; each pass runs the model anew.
        foreach (var (one, other) in made.GetColumn<float[]>("Top.Probability").Zip(loaded.GetColumn<float[]>("Top.Probability")))
            for (var rank = 0; rank < one.Length; rank++)
                Assert.AreEqual(one[rank], other[rank], 1e-6f);
        ((IDisposable)model).Dispose();
    }

    [TestMethod]
    public void A_model_that_learns_nothing_may_have_its_temperature_fitted_in_the_chain()
    {
        using var folder = new TemporaryFolder();
        using var chain = Chain(folder).Fit(Rows());

        Assert.AreEqual(20, chain.OfType<TemperatureSoftmaxTransformer>().Single().Fit!.RowsUsed);
    }

    private static EstimatorChain<TopNTransformer> Chain(TemporaryFolder folder) =>
        Context.Transforms.LoadImages("Image", Shapes, "Path")
            .Append(Context.Transforms.ResizeImages("Image", imageWidth: 4, imageHeight: 4))
            .Append(Context.Transforms.ExtractPixels("input", "Image", scaleImage: 1 / 255f))
            .Append(Context.Transforms.DropColumns("Image"))
            .Append(Context.Transforms.ApplyOnnxModel("logits", "input", folder.Write("means.onnx", ColorMeans())))
            .Append(Context.Transforms.TemperatureSoftmax("Probability", "logits", labelColumnName: "Label"))
            .Append(Context.Transforms.TopN("Top", "Probability", n: 2, labels: ["red", "green", "blue"]));

    // Any label will do.
    private static IDataView Rows() => Context.Data.LoadFromEnumerable(
        Directory.GetFiles(Shapes, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select((path, i) => new Picture { Path = Path.GetRelativePath(Shapes, path), Label = i % 3 }));

    /// <summary>[N, 3, 4, 4] → [N, 3]: how much of each colour there is.</summary>
    private static byte[] ColorMeans() => new OnnxGraphBuilder("means").Input("input", TensorElementType.Float, "N", 3, 4, 4)
        .Node("ReduceMean", ["input"], ["logits"], new() { ["axes"] = (long[])[2, 3], ["keepdims"] = 0 })
        .Output("logits", TensorElementType.Float, "N", 3).ToBytes();

    private sealed class Picture
    {
        public string Path { get; set; } = "";

        public float Label { get; set; }
    }
}
