using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Onnx;

[TestClass]
public sealed class OnnxErrorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Threes => _ml.Data.LoadFromEnumerable([new Row { X = [1, 2, 3] }]);

    [TestMethod]
    public void A_missing_file_is_named()
    {
        EmbeddedEngine.Require("it throws an IOException.");
        var exception = Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Transforms.ApplyOnnxModel("none.onnx"));

        StringAssert.Contains(exception.Message, "none.onnx", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Bytes_that_are_no_model_are_refused_with_the_reason()
    {
        EmbeddedEngine.Require("its inner exception is another.");
        var exception = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Transforms.ApplyOnnxModel(new MemoryStream("no model"u8.ToArray())));

        Assert.IsInstanceOfType<OnnxRuntimeException>(exception.InnerException);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(new MemoryStream()));
    }

    [TestMethod]
    public void A_wrong_output_name_is_answered_with_the_right_ones()
    {
        EmbeddedEngine.Require("message and parameter name are swapped (O7, O11).");
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply("nope", "x"));

        Assert.AreEqual("outputColumnNames", exception.ParamName);
        StringAssert.Contains(exception.Message, "The ONNX model has no output 'nope'; it has 'y'.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_wrong_input_name_is_answered_with_the_right_ones()
    {
        EmbeddedEngine.Require("message and parameter name are swapped (O7, O11).");
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply("y", "nope"));

        Assert.AreEqual("inputColumnNames", exception.ParamName);
        StringAssert.Contains(exception.Message, "The ONNX model has no input 'nope'; it has 'x'.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Leaving_out_an_input_is_refused_at_once()
    {
        EmbeddedEngine.Require("it fails at the first row.");
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ApplyOnnxModel("sum", "a", new MemoryStream(SmallModels.SumAndArgMax())));

        StringAssert.Contains(exception.Message, "'b'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_missing_column_is_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new { Other = 1f }]);

        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply("y", "x").Fit(data));

        Assert.AreEqual("inputSchema", exception.ParamName);
        StringAssert.Contains(exception.Message, "Could not find input column 'x'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_column_of_another_item_type_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new DoubleRow { X = [1, 2, 3] }]);

        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply("y", "x").Fit(data));

        StringAssert.Contains(exception.Message, "Schema mismatch for input column 'x': expected Single, got Vector<Double, 3>",
            StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(6)]
    public void A_column_of_another_length_is_refused_before_a_row_is_read(int size)
    {
        EmbeddedEngine.Require("a multiple of the length fails at the first row (O3b).");
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.X)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        var data = _ml.Data.LoadFromEnumerable([new Row { X = new float[size] }], schema);

        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => Apply("y", "x").Fit(data));

        StringAssert.Contains(exception.Message, $"has {size} values a row", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, "[?,3]", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_row_does_not_fill_a_model_of_64_rows()
    {
        var model = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(SmallModels.Reverse(64)));

        Assert.ThrowsExactly<InvalidOperationException>(() => model.Fit(Threes));
    }

    [TestMethod]
    [DataRow(new[] { 1, 4 }, DisplayName = "another size")]
    [DataRow(new[] { 3 }, DisplayName = "fewer sizes")]
    public void A_shape_that_contradicts_the_model_is_refused(int[] shape)
    {
        var shapes = new Dictionary<string, int[]> { ["x"] = shape };

        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ApplyOnnxModel(new MemoryStream(SmallModels.Reverse("N")), shapes));

        Assert.AreEqual("shapeDictionary", exception.ParamName);
        StringAssert.Contains(exception.Message, "x: Float[?,3]", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_gpu_is_refused_unless_the_cpu_will_do()
    {
        EmbeddedEngine.Require("it uses the GPU where there is one.");
        var model = SmallModels.Reverse("N");

        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(model), gpuDeviceId: 0));

        List<string> log = [];
        _ml.Log += (_, message) => log.Add(message.Message);
        var scored = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(model), gpuDeviceId: 0, fallbackToCpu: true).Fit(Threes)
            .Transform(Threes);
        CollectionAssert.AreEqual(new float[] { 3, 2, 1 }, scored.GetColumn<float[]>("y").Single());
        Assert.IsTrue(log.Exists(message => message.Contains("runs on the CPU", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Elements_of_half_precision_are_refused()
    {
        var exception = Assert.ThrowsExactly<NotSupportedException>(
            () => _ml.Transforms.ApplyOnnxModel(new MemoryStream(SmallModels.Copy(TensorElementType.Float16, "N", 3))));

        StringAssert.Contains(exception.Message, "input 'x'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_sequence_output_is_refused_unless_others_are_named()
    {
        EmbeddedEngine.Require("there it is a column of dictionaries (O14).");
        // Float x[N,2]; y = x, s = a sequence holding x: Tests/Recorded/engine/make_onnx.py.
        var file = Path.Combine(AppContext.BaseDirectory, "Recorded", "engine", "sequence_output.onnx");

        var exception = Assert.ThrowsExactly<NotSupportedException>(() => _ml.Transforms.ApplyOnnxModel(file));
        StringAssert.Contains(exception.Message, "-p:MLNet=NuGet", StringComparison.Ordinal);

        Assert.IsNotNull(_ml.Transforms.ApplyOnnxModel("y", "x", file));
    }

    [TestMethod]
    public void A_bad_row_throws_when_it_comes_and_spares_those_before_it()
    {
        EmbeddedEngine.Require("its worker threads wrap the exception.");
        // Gather fails for an index beyond the 3 labels.
        var model = new OnnxGraphBuilder("labels")
            .Input("x", TensorElementType.Int64, "N", 1)
            .Initializer("labels", OnnxTensor.Of(["a", "b", "c"], 3))
            .Node("Gather", ["labels", "x"], ["y"])
            .Output("y", TensorElementType.String, "N", 1)
            .ToBytes();
        var data = _ml.Data.LoadFromEnumerable(new[] { 0L, 1, 2, 1, 7, 0 }.Select(index => new Index { X = index }));
        using var labels = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(model)).Fit(data).Transform(data)
            .GetColumn<string[]>("y").GetEnumerator();

        foreach (var expected in new[] { "a", "b", "c", "b" })
        {
            Assert.IsTrue(labels.MoveNext());
            Assert.AreEqual(expected, labels.Current.Single());
        }

        Assert.ThrowsExactly<OnnxRuntimeException>(() => labels.MoveNext());
    }

    [TestMethod]
    public void Use_after_disposal_says_so()
    {
        EmbeddedEngine.Require("it throws a NullReferenceException, wrapped twice (S3).");
        var transformer = Apply("y", "x").Fit(Threes);
        var scored = transformer.Transform(Threes);

        transformer.Dispose();
        transformer.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => scored.GetColumn<float[]>("y").ToArray());
    }

    private OnnxScoringEstimator Apply(string output, string input) =>
        _ml.Transforms.ApplyOnnxModel(output, input, new MemoryStream(SmallModels.Reverse("N")));

    private sealed class Row
    {
        [ColumnName("x"), VectorType(3)]
        public float[] X { get; set; } = [];
    }

    private sealed class DoubleRow
    {
        [ColumnName("x"), VectorType(3)]
        public double[] X { get; set; } = [];
    }

    private sealed class Index
    {
        [ColumnName("x")]
        public long X { get; set; }
    }
}
