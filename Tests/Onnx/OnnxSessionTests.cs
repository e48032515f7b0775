using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Onnx;

[TestClass]
public sealed class OnnxSessionTests
{
    [TestMethod]
    public void Every_element_type_passes_through_unchanged()
    {
        PassesThrough<float>([1.5f, -2, float.NaN]);
        PassesThrough<double>([1e300, -2, 0]);
        PassesThrough<Half>([(Half)1.5, (Half)(-2), Half.MaxValue]);
        PassesThrough<byte>([0, 128, 255]);
        PassesThrough<sbyte>([-128, 0, 127]);
        PassesThrough<ushort>([0, 40000, 65535]);
        PassesThrough<short>([-32768, 0, 32767]);
        PassesThrough<int>([int.MinValue, 0, int.MaxValue]);
        PassesThrough<uint>([0, 1, uint.MaxValue]);
        PassesThrough<long>([long.MinValue, 0, long.MaxValue]);
        PassesThrough<ulong>([0, 1, ulong.MaxValue]);
        PassesThrough<bool>([true, false, true]);
        PassesThrough<string>(["cat", "", "Käsekuchen 🍰"]);
    }

    [TestMethod]
    public void A_sessions_inputs_and_outputs_are_those_of_the_model()
    {
        using var session = OnnxSession.Open(Softmax);
        Assert.AreEqual("logits: Float[?,3]", session.Inputs.Single().ToString());
        Assert.AreEqual("probabilities: Float[?,3]", session.Outputs.Single().ToString());
    }

    [TestMethod]
    public void A_model_file_and_its_bytes_give_the_same()
    {
        var path = Path.Combine(Path.GetTempPath(), $"softmax ä {Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, Softmax);
        try
        {
            using var fromFile = OnnxSession.Open(path);
            using var fromBytes = OnnxSession.Open(Softmax, new OnnxSessionSettings { IntraOpThreads = 1, Optimize = false });
            var input = OnnxTensor.Of([1f, 2, 3], 1, 3);
            CollectionAssert.AreEqual(fromFile.Run(input).Values<float>().ToArray(), fromBytes.Run(input).Values<float>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_wrong_shape_is_refused_with_the_shape_given_the_shape_declared_and_the_librarys_text() =>
        Refused(session => session.Run(OnnxTensor.Of([1f, 2], 1, 2)), "Given logits: Float[1,2]", "declares inputs logits: Float[?,3]",
            "ONNX Runtime says: [ErrorCode:InvalidArgument] Got invalid dimensions");

    [TestMethod]
    public void A_wrong_type_is_refused() =>
        Refused(session => session.Run(OnnxTensor.Of([1.0, 2, 3], 1, 3)), "Given logits: Double[1,3]",
            "ONNX Runtime says: [ErrorCode:InvalidArgument] Unexpected input data type");

    [TestMethod]
    public void A_wrong_name_is_refused()
    {
        Refused(session => session.Run(OnnxTensor.Of([1f, 2, 3], 1, 3), "probability"), "asked for probability", "outputs probabilities: Float[?,3]");
        Refused(session => session.Run([KeyValuePair.Create("logit", OnnxTensor.Of([1f, 2, 3], 1, 3))], ["probabilities"]),
            "Given logit: Float[1,3]", "inputs logits");
    }

    // The library's softmax divides by the number of rows: without the check the process would end here.
    [TestMethod]
    public void An_empty_batch_is_refused_before_the_library_sees_it()
    {
        using var session = OnnxSession.Open(Softmax);
        Assert.Contains("Float[0,3]", Assert.ThrowsExactly<ArgumentException>(() => session.Run(OnnxTensor.Of<float>([], 0, 3))).Message);
    }

    [TestMethod]
    public void Bytes_that_are_no_model_are_refused_with_the_librarys_text()
    {
        var failure = Assert.ThrowsExactly<OnnxModelException>(() => OnnxSession.Open("once upon a time"u8.ToArray()));
        Assert.Contains("The model of 16 bytes cannot be opened. ONNX Runtime says: ", failure.Message);
        Assert.ThrowsExactly<ArgumentException>(() => OnnxSession.Open([]));
    }

    [TestMethod]
    public void A_model_with_an_unknown_operator_is_refused_by_the_operators_name()
    {
        var model = new OnnxGraphBuilder("g").Input("x", TensorElementType.Float, 1).Node("Softmacks", ["x"], ["y"])
            .Output("y", TensorElementType.Float, 1).ToBytes();
        Assert.Contains("Softmacks", Assert.ThrowsExactly<OnnxModelException>(() => OnnxSession.Open(model)).Message);
    }

    [TestMethod]
    public void A_missing_model_file_is_said_to_be_missing() =>
        Assert.ThrowsExactly<FileNotFoundException>(() => OnnxSession.Open(Path.Combine(Path.GetTempPath(), "no such model.onnx")));

    [TestMethod]
    public void Several_threads_share_a_session()
    {
        using var session = OnnxSession.Open(Softmax);
        Parallel.For(0, 500, i =>
        {
            var output = session.Run(OnnxTensor.Of([i, i, i + (float)Math.Log(2)], 1, 3)).Values<float>();
            Assert.AreEqual(0.25f, output[0], 1e-5f);
            Assert.AreEqual(0.5f, output[2], 1e-5f);
        });
    }

    [TestMethod]
    public void Disposing_during_runs_lets_them_end_and_refuses_later_ones()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var session = OnnxSession.Open(Softmax);
            Parallel.For(0, 100, (i, loop) =>
            {
                if (i == 50)
                    session.Dispose();
                try
                {
                    session.Run(OnnxTensor.Of([1f, 2, 3], 1, 3));
                }
                catch (ObjectDisposedException)
                {
                    loop.Stop();
                }
            });
            Assert.ThrowsExactly<ObjectDisposedException>(() => session.Run(OnnxTensor.Of([1f, 2, 3], 1, 3)));
        }
    }

    [TestMethod]
    public void Values_must_fill_the_dimensions()
    {
        Assert.Contains("5 values do not fill Float[2,3]", Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Of(new float[5], 2, 3)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Of(new float[5], -1, 5));
        Assert.ThrowsExactly<NotSupportedException>(() => OnnxTensor.Of(new decimal[1], 1));
        Assert.AreEqual("Float[]", OnnxTensor.Of([1f]).ToString());
    }

    [TestMethod]
    public void A_tensor_gives_its_values_only_as_their_own_type() =>
        Assert.Contains("Float[2]", Assert.ThrowsExactly<InvalidOperationException>(
            () => OnnxTensor.Of([1f, 2], 2).Values<double>().ToArray()).Message);

    [TestMethod]
    public void The_library_says_its_version() => Assert.MatchesRegex(@"^1\.\d+\.\d+", OnnxRuntimeLibrary.Version);

    private static byte[] Softmax { get; } = new OnnxGraphBuilder("softmax")
        .Input("logits", TensorElementType.Float, "N", 3)
        .Node("Softmax", ["logits"], ["probabilities"], new() { ["axis"] = 1 })
        .Output("probabilities", TensorElementType.Float, "N", 3)
        .ToBytes();

    private static void Refused(Action<OnnxSession> run, params string[] texts)
    {
        using var session = OnnxSession.Open(Softmax);
        var message = Assert.ThrowsExactly<OnnxModelException>(() => run(session)).Message;
        foreach (var text in texts)
            Assert.Contains(text, message);
    }

    private static void PassesThrough<T>(T[] values)
    {
        var type = OnnxTensor.ElementTypeOf<T>();
        using var session = OnnxSession.Open(
            new OnnxGraphBuilder("identity").Input("x", type, "N").Node("Identity", ["x"], ["y"]).Output("y", type, "N").ToBytes());
        var output = session.Run(OnnxTensor.Of(values, values.Length));
        Assert.AreEqual(type, output.ElementType);
        CollectionAssert.AreEqual(values, output.Values<T>().ToArray());
    }
}
