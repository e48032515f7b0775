using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Tests.Learning.Reference;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class NetworkOnnxTests
{
    public static IEnumerable<object[]> Networks => SampleNetworks.Names;

    [TestMethod, DynamicData(nameof(Networks))]
    public void A_network_read_back_has_the_same_definition_shape_and_bits(string name)
    {
        var network = SampleNetworks.Named(name);

        var back = NetworkOnnx.Read(NetworkOnnx.Write(network));

        Assert.AreEqual(network.Shape.Definition.ToJson(), back.Shape.Definition.ToJson());
        Assert.AreEqual(network.Shape.Summary(), back.Shape.Summary());
        CollectionAssert.AreEqual(network.Weights, back.Weights);
        CollectionAssert.AreEqual(network.State, back.State);
    }

    [TestMethod, DynamicData(nameof(Networks))]
    public void ONNX_Runtime_and_the_engine_give_the_logits_of_the_yardstick_for_one_and_for_many(string name)
    {
        var network = SampleNetworks.Named(name);
        var samples = SampleNetworks.Samples(network.Shape.Input, count: 5);
        var expected = new ReferenceNetwork(network.Shape, Doubles(network.Weights), Doubles(network.State)).Forward(Doubles(samples), 5, training: false);
        using var classifier = OnnxClassifier.Open(NetworkOnnx.Write(network), NetworkOnnx.Dimensions(network.Shape.Input));
        Assert.AreEqual(("input", "logits", network.Shape.Classes), (classifier.InputName, classifier.OutputName, classifier.Classes));
        Assert.IsNull(classifier.FixedBatch, "the batch should be open");

        var planes = Planes(samples, network.Shape.Input);
        var (many, one) = (new float[5 * classifier.Classes], new float[classifier.Classes]);
        classifier.Score(planes, many);
        classifier.Score(planes.AsMemory(0, classifier.RowLength), one);

        AssertClose(expected, many);
        AssertClose(expected[..one.Length], one);
        AssertClose(expected, OfEngine(network, samples, 5));
    }

    [TestMethod]
    public void Nodes_and_constants_have_the_names_of_layers_and_tensors()
    {
        var network = SampleNetworks.Named("the small ResNet");
        var file = OnnxModelFile.Read(NetworkOnnx.Write(network));

        CollectionAssert.IsSubsetOf(network.Shape.AllLayers.Select(layer => layer.Name).ToArray(), file.Nodes.Select(node => node.Name).ToArray());
        CollectionAssert.AreEquivalent(
            network.Shape.Weights.Concat(network.Shape.State).Select(tensor => tensor.Name).ToArray(), file.Initializers.Select(tensor => tensor.Name).ToArray());
        Assert.AreEqual(13, file.Opset);
    }

    [TestMethod]
    public void Equal_networks_give_equal_bytes() =>
        CollectionAssert.AreEqual(NetworkOnnx.Write(SampleNetworks.Named("the MLP")), NetworkOnnx.Write(SampleNetworks.Named("the MLP")));

    [TestMethod]
    public void A_foreign_model_is_refused_with_what_it_can_be_used_for()
    {
        var foreign = new OnnxGraphBuilder("foreign").Input("x", TensorElementType.Float, "N", 3).Node("Relu", ["x"], ["y"]).Output("y", TensorElementType.Float, "N", 3).ToBytes();

        var error = Assert.ThrowsExactly<NotSupportedException>(() => NetworkOnnx.Read(foreign, "foreign.onnx"));

        StringAssert.Contains(error.Message, "foreign.onnx is not a network of MLPipelines");
        StringAssert.Contains(error.Message, "backbone");
    }

    [TestMethod]
    public void Bytes_that_are_no_model_are_refused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => NetworkOnnx.Read([1, 2, 3], "broken.onnx")).Message, "broken.onnx");

    [TestMethod]
    public void A_model_that_lacks_a_tensor_of_its_network_is_refused_by_its_name()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkOnnx.Read(Claiming(builder => builder.Node("Identity", ["input"], ["logits"]))));

        StringAssert.Contains(error.Message, "the constant 'dense_1.weight' should be Float[75,6] and is missing");
    }

    [TestMethod]
    public void A_graph_of_other_nodes_than_its_network_has_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => NetworkOnnx.Read(Claiming(builder => builder
            .Initializer("dense_1.weight", OnnxTensor.Of(new float[75 * 6], 75, 6))
            .Initializer("dense_1.bias", OnnxTensor.Of(new float[6], 6))
            .Node("Flatten", ["input"], ["flat"])
            .Node("Gemm", ["flat", "dense_1.weight"], ["logits"]))));

        StringAssert.Contains(error.Message, "its nodes or their attributes are not those of that network");
    }

    [TestMethod]
    public void Every_cut_and_every_changed_byte_of_a_model_gives_an_error_that_says_so_or_the_changed_number()
    {
        var bytes = NetworkOnnx.Write(SampleNetworks.Named("a linear model of features"));
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x10;
            Read(damaged);
            Read(bytes[..at]);
        }

        static void Read(byte[] bytes)
        {
            try
            {
                NetworkOnnx.Read(bytes);
            }
            catch (Exception expected) when (expected is InvalidDataException or NotSupportedException)
            {
            }
        }
    }

    // Logits of samples of ordinary size are of the order of 1; sums of the same terms in another order differ in the 7th digit of the largest.
    private static void AssertClose(double[] expected, float[] actual)
    {
        var size = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-5 * size, $"logit {i}");
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static float[] OfEngine(Network network, float[] samples, int count)
    {
        using var team = new ThreadTeam(1);
        using var runner = new NetworkRunner(network.Copy(), count, team);
        var size = network.Shape.Input.Size;
        for (var i = 0; i < count; i++) runner.SetInput(i, samples.AsSpan(i * size, size));
        runner.Forward(count, training: false);
        return [.. Enumerable.Range(0, count).SelectMany(i => runner.LogitsOf(i).ToArray())];
    }

    /// <summary>Each sample's pixels, H×W×C, as planes, C×H×W.</summary>
    private static float[] Planes(float[] samples, ImageShape shape) =>
    [
        .. samples.Chunk(shape.Size).SelectMany(sample => Enumerable.Range(0, shape.Size)
            .Select(i => sample[i % (shape.Height * shape.Width) * shape.Channels + i / (shape.Height * shape.Width)])),
    ];

    /// <summary>A model that says it is a linear one of 5×5×3 pixels and 6 classes.</summary>
    private static byte[] Claiming(Action<OnnxGraphBuilder> fill)
    {
        var builder = new OnnxGraphBuilder("network")
            .Metadata(NetworkOnnx.DefinitionKey, new NetworkDefinition { Layers = [new Dense()] }.ToJson())
            .Input("input", TensorElementType.Float, "N", 3, 5, 5);
        fill(builder);
        return builder.Output("logits", TensorElementType.Float, "N", 6).ToBytes();
    }
}
