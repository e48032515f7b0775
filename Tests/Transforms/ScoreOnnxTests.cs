using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Onnx;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class ScoreOnnxTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(7, 1)]
    [DataRow(64, 1)]
    [DataRow(64, 2)]
    [DataRow(1000, 0)]
    public void Batches_of_any_size_score_as_single_rows_do(int batchSize, int threads)
    {
        var expected = SampleRows.All.Select(row => float.IsNaN(row.Pixels[0])
            ? "NaN NaN NaN"
            : string.Join(' ', row.Pixels.Take(3)
                .Select(pixel => (pixel + (10 * row.Pixels[3])).ToString("G6", System.Globalization.CultureInfo.InvariantCulture))));

        CollectionAssert.AreEqual(expected.ToArray(), Scores(SampleRows.Model(), new() { BatchSize = batchSize, IntraOpThreads = threads }));
    }

    [TestMethod]
    public void Sizes_of_1_are_squeezed_from_the_scores()
    {
        var expected = Scores(SampleRows.Model());
        foreach (var dimensions in (OnnxDimension[][])[["N", 1, 3], ["N", 3, 1, 1]])
        {
            var graph = new OnnxGraphBuilder("squeeze")
                .Input("x", TensorElementType.Float, "N", 1, 2, 2)
                .Initializer("flat", OnnxTensor.Of<long>([-1, 4], 2))
                .Initializer("shape", OnnxTensor.Of<long>([-1, .. dimensions.Skip(1).Select(size => size.Size!.Value)], dimensions.Length))
                .Initializer("weights", OnnxTensor.Of<float>([1, 0, 0, 0, 1, 0, 0, 0, 1, 10, 10, 10], 4, 3))
                .Node("Reshape", ["x", "flat"], ["rows"]).Node("MatMul", ["rows", "weights"], ["product"])
                .Node("Reshape", ["product", "shape"], ["scores"])
                .Output("scores", TensorElementType.Float, dimensions);

            CollectionAssert.AreEqual(expected, Scores(graph.ToBytes()));
        }
    }

    [TestMethod]
    public void A_number_of_classes_that_the_model_leaves_open_is_found_out() =>
        CollectionAssert.AreEqual(Scores(SampleRows.Model()), Scores(SampleRows.Model("N", "classes")));

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void A_model_with_a_fixed_batch_is_filled_up(int batch)
    {
        var expected = Scores(SampleRows.Model());

        CollectionAssert.AreEqual(expected, Scores(FixedBatch(batch), new() { BatchSize = 50 }));
        CollectionAssert.AreEqual(expected, Scores(FixedBatch(batch), new() { BatchSize = 1, IntraOpThreads = 0 }));
    }

    // "N" is open, but the mean over the batch makes rows depend on their company.
    [TestMethod]
    public void A_model_that_mixes_its_rows_is_fed_one_at_a_time()
    {
        var model = new OnnxGraphBuilder("mixing").Input("x", TensorElementType.Float, "N", 4)
            .Node("ReduceMean", ["x"], ["mean"], new() { ["axes"] = (long[])[0], ["keepdims"] = 1 }).Node("Add", ["x", "mean"], ["y"])
            .Output("y", TensorElementType.Float, "N", 4).ToBytes();

        Assert.AreEqual("2 4 6 8", Context.Transforms.ScoreOnnx("Score", "Pixels", model).Fit(Three()).Transform(Three()).Lines("Score")[1]);

        static IDataView Three() => Context.Data.LoadFromEnumerable<SampleRow>([new(), new() { Pixels = [1, 2, 3, 4] }, new()]);
    }

    [TestMethod]
    public void A_model_without_a_batch_axis_takes_one_row_at_a_time()
    {
        var graph = new OnnxGraphBuilder("single").Input("x", TensorElementType.Float, 1, 2, 2)
            .Initializer("shape", OnnxTensor.Of<long>([4], 1))
            .Node("Reshape", ["x", "shape"], ["y"]).Output("y", TensorElementType.Float, 4);

        CollectionAssert.AreEqual(
            SampleRows.All.Where(row => !float.IsNaN(row.Pixels[0])).Select(row => row.Pixels[1]).ToArray(),
            Scores(graph.ToBytes()).Where(line => !line.StartsWith("NaN", StringComparison.Ordinal))
                .Select(line => float.Parse(line.Split(' ')[1])).ToArray());
    }

    [TestMethod]
    public void Labels_become_the_names_of_the_scores()
    {
        var view = Fit(SampleRows.Model(), new() { Labels = ["cat", "dog", "owl"] }).Transform(SampleRows.View(Context));
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Score"].Annotations.GetValue("SlotNames", ref names);

        Assert.AreEqual("cat dog owl", string.Join(' ', names.DenseValues()));
        Assert.Contains("cat", Context.Transforms.TopN("Top", "Score", 3).Fit(view).Transform(view).ReadTopN("Top").First()
            .Select(best => best.Label));
    }

    // The fourth pixel adds the same to every score, so that the best class is the largest of the first three pixels.
    [TestMethod]
    public void ML_NET_s_evaluator_takes_the_scores()
    {
        var right = SampleRows.All.Count(row => !float.IsNaN(row.Pixels[0]) && Array.IndexOf(row.Pixels, row.Pixels.Take(3).Max()) == row.Label);
        var scored = Context.Transforms.ScoreOnnx("Score", "Pixels", SampleRows.Model(), new() { Labels = ["cat", "dog", "owl"] })
            .Append(Context.Transforms.TemperatureSoftmax("Score"))
            .Append(Context.Transforms.CopyColumns("PredictedLabel", "Label"))
            .Fit(SampleRows.View(Context)).Transform(SampleRows.View(Context));

        var metrics = Context.MulticlassClassification.Evaluate(scored);

        Assert.AreEqual(right / 149.0, metrics.MicroAccuracy, 1e-12);
        Assert.Contains("owl", metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }

    [TestMethod]
    public void A_wrong_number_of_labels_is_refused_with_both_numbers() =>
        AssertRefused("There are 2 labels and The model", () => Fit(SampleRows.Model(), new() { Labels = ["cat", "dog"] }));

    [TestMethod]
    public void A_name_that_the_model_does_not_have_is_answered_with_those_it_has()
    {
        AssertRefused("no output 'prob'. It has: scores: Float[?,3]", () => Fit(SampleRows.Model(), new() { OutputName = "prob" }));
        AssertRefused("no input 'data'. It has: x: Float[?,1,2,2]", () => Fit(SampleRows.Model(), new() { InputName = "data" }));
    }

    [TestMethod]
    public void Among_several_outputs_one_must_be_chosen()
    {
        var model = new OnnxGraphBuilder("two").Input("x", TensorElementType.Float, "N", 4)
            .Node("Identity", ["x"], ["logits"]).Node("Softmax", ["x"], ["prob"])
            .Output("logits", TensorElementType.Float, "N", 4).Output("prob", TensorElementType.Float, "N", 4).ToBytes();

        AssertRefused("2 outputs of type Float: say which by OnnxScoringOptions.OutputName. It has: logits: Float[?,4]; prob", () => Fit(model));
        Assert.AreEqual("prob", Fit(model, new() { OutputName = "prob" }).OutputName);
    }

    [TestMethod]
    public void A_tensor_of_another_layout_is_refused_though_it_has_as_many_numbers()
    {
        var model = new OnnxGraphBuilder("planes").Input("x", TensorElementType.Float, "N", 2, 1, 2)
            .Initializer("shape", OnnxTensor.Of<long>([-1, 4], 2)).Node("Reshape", ["x", "shape"], ["y"])
            .Output("y", TensorElementType.Float, "N", 4).ToBytes();
        var rows = Context.Data.LoadFromEnumerable<Interleaved>([new()]);

        AssertRefused("rows of [1,2,2] = 4 numbers", () => Context.Transforms.ScoreOnnx("Score", "Pixels", new OnnxGraphBuilder("other")
            .Input("x", TensorElementType.Float, "N", 2, 2, 2).Node("Identity", ["x"], ["y"]).Output("y", TensorElementType.Float, "N", 8).ToBytes())
                .Fit(SampleRows.View(Context)));
        AssertRefused("rows of [1,2,3] = 6 numbers", () => Context.Transforms.ScoreOnnx("Score", "Pixels", new OnnxGraphBuilder("first")
            .Input("x", TensorElementType.Float, "N", 3, 1, 2).Node("Identity", ["x"], ["y"]).Output("y", TensorElementType.Float, "N", 6)
            .ToBytes()).Fit(rows));
        Assert.AreEqual(4, Fit(model).Classes);
    }

    [TestMethod]
    public void Feature_maps_are_no_scores()
    {
        var model = new OnnxGraphBuilder("maps").Input("x", TensorElementType.Float, "N", 1, 2, 2).Node("Relu", ["x"], ["y"])
            .Output("y", TensorElementType.Float, "N", 1, 2, 2);
        AssertRefused("is no list of scores", () => Fit(model.ToBytes()));
    }

    [TestMethod]
    public void A_file_that_is_no_model_is_the_library_s_error() =>
        Assert.ThrowsExactly<OnnxModelException>(() => Fit([1, 2, 3]));

    [TestMethod]
    public void A_missing_file_is_named() =>
        Assert.Contains("none.onnx", Assert.ThrowsExactly<FileNotFoundException>(
            () => Context.Transforms.ScoreOnnx("Score", "Pixels", "none.onnx")).Message);

    [TestMethod]
    public void After_disposing_of_the_transformer_its_views_say_so()
    {
        var transformer = Fit(SampleRows.Model());
        var view = transformer.Transform(SampleRows.View(Context));
        transformer.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => view.Lines("Score"));
    }

    [TestMethod]
    public void One_transformer_serves_many_threads()
    {
        using var transformer = Fit(SampleRows.Model(), new() { BatchSize = 16 });
        var alone = transformer.Transform(SampleRows.View(Context)).Lines("Score");

        Parallel.For(0, 16, _ => CollectionAssert.AreEqual(alone, transformer.Transform(SampleRows.View(Context)).Lines("Score")));
    }

    private static string[] Scores(byte[] model, OnnxScoringOptions? options = null)
    {
        using var transformer = Fit(model, options);
        return transformer.Transform(SampleRows.View(Context)).Lines("Score");
    }

    private static ScoreOnnxTransformer Fit(byte[] model, OnnxScoringOptions? options = null) =>
        Context.Transforms.ScoreOnnx("Score", "Pixels", model, options).Fit(SampleRows.View(Context));

    private static void AssertRefused(string said, Action work) => Assert.Contains(said, Assert.ThrowsExactly<ArgumentException>(work).Message);

    private static byte[] FixedBatch(int batch) => new OnnxGraphBuilder("fixed")
        .Input("x", TensorElementType.Float, batch, 1, 2, 2)
        .Initializer("shape", OnnxTensor.Of<long>([batch, 4], 2))
        .Initializer("weights", OnnxTensor.Of<float>([1, 0, 0, 0, 1, 0, 0, 0, 1, 10, 10, 10], 4, 3))
        .Node("Reshape", ["x", "shape"], ["flat"]).Node("MatMul", ["flat", "weights"], ["scores"])
        .Output("scores", TensorElementType.Float, batch, 3)
        .ToBytes();

    private sealed class Interleaved
    {
        [VectorType(1, 2, 3)]
        public float[] Pixels { get; set; } = [1, 2, 3, 4, 5, 6];
    }
}
