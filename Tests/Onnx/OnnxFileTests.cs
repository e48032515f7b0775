using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Onnx;

/// <summary>Writing ONNX models and reading them back.</summary>
[TestClass]
public sealed class OnnxFileTests
{
    [TestMethod]
    public void What_the_builder_writes_the_reader_tells()
    {
        var file = OnnxModelFile.Read(TopTwo());
        Assert.AreEqual(("MLPipelines", "top_two", 13L, 7L), (file.ProducerName, file.GraphName, file.Opset, file.IrVersion));
        Assert.AreEqual("logits: Float[N,3]", file.Inputs.Single().ToString());
        CollectionAssert.AreEqual(
            new[] { "probabilities: Float[N,3]", "names: String[N,2]" }, file.Outputs.Select(output => output.ToString()).ToArray());
        CollectionAssert.AreEqual(new[] { "Div", "Softmax", "TopK", "Gather" }, file.Nodes.Select(node => node.OperatorType).ToArray());
        CollectionAssert.AreEqual(new[] { "top", "index" }, file.Nodes[2].Outputs.ToArray());
        CollectionAssert.AreEqual(new[] { "axis", "largest" }, file.Nodes[2].Attributes.ToArray());
        CollectionAssert.AreEqual(new[] { "temperature", "labels", "k" }, file.Initializers.Select(tensor => tensor.Name).ToArray());
        Assert.AreEqual(1 + 3 + 1, file.ParameterCount);
        Assert.AreEqual("2", file.Metadata["temperature"]);
        CollectionAssert.AreEqual(new[] { "cat", "dog", "fox" }, file.Initializer("labels").Values<string>().ToArray());
        Assert.AreEqual(2f, file.Initializer("temperature").Values<float>()[0]);
    }

    // Logits (0, 2 ln 2, 2 ln 4) at temperature 2 are (0, ln 2, ln 4): probabilities 1/7, 2/7, 4/7.
    [TestMethod]
    public void What_the_builder_writes_the_runtime_runs()
    {
        using var session = OnnxSession.Open(TopTwo());
        var logits = OnnxTensor.Of([0f, (float)(2 * Math.Log(2)), (float)(2 * Math.Log(4))], 1, 3);
        var outputs = session.Run([KeyValuePair.Create("logits", logits)], ["probabilities", "names"]);
        Assert.AreEqual(4f / 7, outputs[0].Values<float>()[2], 1e-6f);
        CollectionAssert.AreEqual(new[] { "fox", "dog" }, outputs[1].Values<string>().ToArray());
    }

    // (x + 1)² and, with 2 + x in the place of x, (3 + x)²: at 4 they are 25 and 49.
    [TestMethod]
    public void What_depends_on_a_value_is_repeated_for_another_with_the_same_constants()
    {
        var model = new OnnxGraphBuilder("twice").Input("x", TensorElementType.Float, 1)
            .Initializer("one", OnnxTensor.Of([1f])).Initializer("two", OnnxTensor.Of([2f]))
            .Node("Add", ["x", "one"], ["sum"]).Node("Mul", ["sum", "sum"], ["square"])
            .Node("Add", ["two", "x"], ["more"])
            .Repeat("x", "more", ".again")
            .Output("square", TensorElementType.Float, 1).Output("square.again", TensorElementType.Float, 1).ToBytes();

        using var session = OnnxSession.Open(model);
        var values = session.Run([KeyValuePair.Create("x", OnnxTensor.Of([4f], 1))], ["square", "square.again"]);

        Assert.AreEqual((25f, 49f), (values[0].Values<float>()[0], values[1].Values<float>()[0]));
        Assert.HasCount(2, OnnxModelFile.Read(model).Initializers);
    }

    [TestMethod]
    public void The_same_calls_give_the_same_bytes() => CollectionAssert.AreEqual(TopTwo(), TopTwo());

    [TestMethod]
    public void The_builder_refuses_what_cannot_run()
    {
        var graph = new OnnxGraphBuilder("g").Input("x", TensorElementType.Float, "N");
        Assert.Contains("'y'", Assert.ThrowsExactly<ArgumentException>(() => graph.Node("Relu", ["y"], ["z"])).Message);
        Assert.Contains("'x'", Assert.ThrowsExactly<ArgumentException>(() => graph.Node("Relu", ["x"], ["x"])).Message);
        Assert.Contains("'x'", Assert.ThrowsExactly<ArgumentException>(() => graph.Initializer("x", OnnxTensor.Of([1f]))).Message);
        Assert.Contains("'w'", Assert.ThrowsExactly<ArgumentException>(() => graph.Output("w", TensorElementType.Float, "N")).Message);
        Assert.Contains("ai.onnx.ml", Assert.ThrowsExactly<ArgumentException>(
            () => graph.Node("Scaler", ["x"], ["s"], domain: "ai.onnx.ml")).Message);
        Assert.Contains("no outputs", Assert.ThrowsExactly<InvalidOperationException>(() => graph.ToBytes()).Message);
    }

    [TestMethod]
    public void Inner_tensors_become_outputs_and_those_that_are_outputs_stay_once()
    {
        var file = OnnxModelFile.Read(OnnxModelFile.Read(TopTwo()).WithOutputs("scaled", "names"));
        CollectionAssert.AreEqual(new[] { "probabilities", "names", "scaled" }, file.Outputs.Select(output => output.Name).ToArray());
        Assert.Contains("scaled, probabilities, top, index, names", Assert.ThrowsExactly<ArgumentException>(() => file.WithOutputs("logit")).Message);
    }

    [TestMethod]
    public void A_file_that_is_no_model_or_cut_short_is_refused_by_name()
    {
        var model = TopTwo();
        foreach (var bytes in new[] { [], new byte[50], "once upon a time"u8.ToArray(), model[..(model.Length / 2)], model[..^1] })
            Assert.Contains("a.onnx", Assert.ThrowsExactly<InvalidDataException>(() => OnnxModelFile.Read(bytes, "a.onnx")).Message);
    }

    // A model whose one constant has field 14, data_location, set to 1: written by hand, as the builder cannot.
    [TestMethod]
    public void A_model_with_weights_in_another_file_is_refused_with_what_to_do()
    {
        byte[] tensor = [8, 1, 16, 1, 66, 1, (byte)'w', 112, 1];
        byte[] output = [10, 1, (byte)'w'];
        byte[] graph = [42, (byte)tensor.Length, .. tensor, 98, (byte)output.Length, .. output];
        byte[] model = [8, 7, 58, (byte)graph.Length, .. graph];
        var message = Assert.ThrowsExactly<NotSupportedException>(() => OnnxModelFile.Read(model, "a.onnx")).Message;
        Assert.Contains("'w'", message);
        Assert.Contains("onnx.save", message);
    }

    // Field 99 of the model, a text: nothing that this project knows.
    [TestMethod]
    public void Fields_of_later_versions_of_the_format_survive()
    {
        byte[] unknown = [0x9A, 0x06, 5, .. "later"u8];
        var written = OnnxModelFile.Read([.. TopTwo(), .. unknown]).WithOutputs("scaled");
        Assert.IsGreaterThanOrEqualTo(0, written.AsSpan().IndexOf(unknown));
    }

    [TestMethod]
    public void Tensor_files_bring_back_every_type()
    {
        BringsBack(1.5f, -2f);
        BringsBack(1e300, 2.0);
        BringsBack((Half)1.5, (Half)2);
        BringsBack<sbyte>(-1, 2);
        BringsBack<ushort>(1, 65535);
        BringsBack(long.MinValue, 2L);
        BringsBack(ulong.MaxValue, 2UL);
        BringsBack(true, false);
        BringsBack("cat", "Käse");
    }

    private static void BringsBack<T>(T first, T second)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pb");
        try
        {
            new OnnxTensorFile("x", OnnxTensor.Of([first, second], 2, 1)).Write(path);
            var back = OnnxTensorFile.Read(path);
            Assert.AreEqual("x", back.Name);
            CollectionAssert.AreEqual(new long[] { 2, 1 }, back.Tensor.Dimensions.ToArray());
            CollectionAssert.AreEqual(new[] { first, second }, back.Tensor.Values<T>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] TopTwo() => new OnnxGraphBuilder("top_two")
        .Input("logits", TensorElementType.Float, "N", 3)
        .Initializer("temperature", OnnxTensor.Of([2f]))
        .Initializer("labels", OnnxTensor.Of(["cat", "dog", "fox"], 3))
        .Initializer("k", OnnxTensor.Of([2L], 1))
        .Node("Div", ["logits", "temperature"], ["scaled"])
        .Node("Softmax", ["scaled"], ["probabilities"], new() { ["axis"] = 1 })
        .Node("TopK", ["probabilities", "k"], ["top", "index"], new() { ["axis"] = 1, ["largest"] = 1 })
        .Node("Gather", ["labels", "index"], ["names"])
        .Output("probabilities", TensorElementType.Float, "N", 3)
        .Output("names", TensorElementType.String, "N", 2)
        .Metadata("temperature", "2")
        .ToBytes();
}
