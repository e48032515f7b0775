using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class OnnxBackboneTests
{
    [TestMethod]
    [DataRow("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx", new[] { 3, 227, 227 }, "fire9/concat_drop9", 512, DisplayName = "SqueezeNet: the planes before its last convolution, averaged")]
    [DataRow("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx", new[] { 32, 32, 3 }, "flatten", 64, DisplayName = "ResNet-8: the vector before its dense layer")]
    [DataRow("onnx/mnist-8/model.onnx", new[] { 1, 28, 28 }, "Pooling160_Output_0_reshape0", 256, DisplayName = "the zoo's MNIST, of 2018: the vector before its multiplication")]
    public void The_embedding_is_what_the_last_weights_read(string file, int[] dimensions, string tensor, int length)
    {
        var backbone = OnnxBackbone.Of(OnnxModelFile.Read(TestData.Require(file)), file, dimensions);
        using var session = OnnxSession.Open(backbone.ToBytes());
        var image = OnnxTensor.Of(new float[dimensions.Aggregate(1, (product, size) => product * size)], [1, .. dimensions]);

        var embedding = session.Run([KeyValuePair.Create(backbone.Input, image)], [backbone.Embedding])[0];

        Assert.AreEqual((tensor, length), (backbone.Tensor, backbone.Length));
        CollectionAssert.AreEqual(new long[] { 1, length }, embedding.Dimensions.ToArray());
    }

    // Behind SqueezeNet's embedding stands conv10, 1×1: the mean of its outputs is conv10 of the mean, but for the ReLU between, which this
    // image's largest class does not meet. ResNet-8 ends in a dense layer: with its own weights as the head, its own logits come out.
    [TestMethod]
    public void A_model_s_own_last_layer_as_the_head_gives_its_own_logits()
    {
        var path = TestData.Require("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx");
        var model = OnnxModelFile.Read(path);
        var gemm = model.Nodes.Single(node => node.OperatorType == "Gemm");
        var backbone = OnnxBackbone.Of(model, path, [32, 32, 3]);
        var head = Network.Create(NetworkShape.Of(new NetworkDefinition { Layers = [new Dense()] }, ImageShape.Vector(64), 10), seed: 1);
        var weights = model.Initializer(gemm.Inputs[1]);
        var isByOutput = weights.Dimensions[0] == 10;
        for (var i = 0; i < 64; i++)
            for (var o = 0; o < 10; o++)
                head.Weights[i * 10 + o] = weights.Values<float>()[isByOutput ? o * 64 + i : i * 10 + o];
        model.Initializer(gemm.Inputs[2]).Values<float>().CopyTo(head.Weights.AsSpan(640));

        var graph = backbone.Graph();
        NetworkOnnx.Append(graph, backbone.Embedding, head, "head.logits");
        using var composed = OnnxClassifier.Open(graph.Output("head.logits", TensorElementType.Float, "N", 10).ToBytes(), [32, 32, 3]);
        using var original = OnnxClassifier.Open(model.WithOutputs("logits"), [32, 32, 3], outputName: "logits");
        var image = Enumerable.Range(0, 32 * 32 * 3).Select(i => i * 37 % 256f).ToArray();
        var (expected, actual) = (new float[10], new float[10]);
        original.Score(image, expected);
        composed.Score(image, actual);

        for (var o = 0; o < 10; o++) Assert.AreEqual(expected[o], actual[o], 1e-5f * expected.Max(Math.Abs));
    }

    [TestMethod]
    [DataRow("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx", new[] { 3, 227, 227 }, TensorLayout.ChannelsFirst)]
    [DataRow("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx", new[] { 32, 32, 3 }, TensorLayout.ChannelsLast)]
    [DataRow("onnx/mnist-8/model.onnx", new[] { 1, 28, 28 }, TensorLayout.ChannelsFirst, DisplayName = "one image at a time, operators of version 8")]
    public void With_a_mirror_the_embedding_is_the_mean_of_an_image_and_its_mirror_image(string file, int[] dimensions, TensorLayout layout)
    {
        var plain = OnnxBackbone.Of(OnnxModelFile.Read(TestData.Require(file)), file, dimensions);
        var both = plain.WithMirror(layout);
        var image = Enumerable.Range(0, dimensions.Aggregate(1, (product, size) => product * size)).Select(i => i * 37 % 256f).ToArray();
        var (width, step) = layout == TensorLayout.ChannelsFirst ? (dimensions[2], 1) : (dimensions[1], dimensions[2]);
        var mirrored = Enumerable.Range(0, image.Length).Select(i => image[i / (width * step) * width * step + (width - 1 - i / step % width) * step + i % step]).ToArray();

        var (one, other, mean, ofMirrored) = (Embed(plain, image), Embed(plain, mirrored), Embed(both, image), Embed(both, mirrored));

        Assert.AreEqual(plain.Length, both.Length);
        Assert.AreEqual(plain.Tensor, both.Tensor);
        var largest = one.Max(Math.Abs);
        for (var i = 0; i < mean.Length; i++)
        {
            Assert.AreEqual((one[i] + other[i]) / 2, mean[i], 1e-5f * largest);
            Assert.AreEqual(mean[i], ofMirrored[i], 1e-5f * largest);
        }

        float[] Embed(OnnxBackbone backbone, float[] values)
        {
            using var session = OnnxClassifier.Open(backbone.ToBytes(), dimensions, backbone.Input, backbone.Embedding);
            var embedding = new float[backbone.Length];
            session.Score(values, embedding);
            return embedding;
        }
    }

    [TestMethod]
    public void A_mirror_shares_the_weights_and_can_be_put_before_another()
    {
        var network = Network.Create(NetworkShape.Of(ReadyMadeNetworks.CompactCnn, new ImageShape(28, 28, 1), 10), seed: 1);
        var both = OnnxBackbone.Of(OnnxModelFile.Read(NetworkOnnx.Write(network)), "cnn", [1, 28, 28]).WithMirror(TensorLayout.ChannelsFirst);
        var model = OnnxModelFile.Read(both.ToBytes());
        var again = OnnxBackbone.Of(model, "both", [1, 28, 28], both.Embedding).WithMirror(TensorLayout.ChannelsFirst);

        // One number a column beside the weights of the layers before the embedding.
        Assert.IsLessThan(network.Weights.Length + network.State.Length + 28, model.ParameterCount);
        using var session = OnnxSession.Open(again.ToBytes());
        Assert.AreEqual(64, again.Length);
    }

    [TestMethod]
    public void A_network_of_our_own_is_a_backbone_too()
    {
        var network = Network.Create(NetworkShape.Of(ReadyMadeNetworks.CompactCnn, new ImageShape(28, 28, 1), 10), seed: 1);
        var backbone = OnnxBackbone.Of(OnnxModelFile.Read(NetworkOnnx.Write(network)), "cnn", [1, 28, 28]);

        Assert.AreEqual(64, backbone.Length);
        Assert.IsFalse(OnnxModelFile.Read(backbone.ToBytes()).Metadata.ContainsKey(NetworkOnnx.DefinitionKey), "what is cut is that network no more");
    }

    [TestMethod]
    public void A_tensor_that_there_is_not_is_refused_with_those_at_the_end()
    {
        var network = Network.Create(NetworkShape.Of(ReadyMadeNetworks.CompactCnn, new ImageShape(28, 28, 1), 10), seed: 1);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => OnnxBackbone.Of(OnnxModelFile.Read(NetworkOnnx.Write(network)), "cnn.onnx", [1, 28, 28], "pool5"));

        StringAssert.Contains(error.Message, "'cnn.onnx' has no inner value 'pool5'");
        StringAssert.Contains(error.Message, "dense_1.flat, logits");
    }

    [TestMethod]
    public void A_model_without_inner_weights_cannot_be_a_backbone()
    {
        var linear = NetworkOnnx.Write(Network.Create(NetworkShape.Of(new NetworkDefinition { Layers = [new Dense()] }, ImageShape.Vector(4), 3), seed: 1));
        var error = Assert.ThrowsExactly<NotSupportedException>(() => OnnxBackbone.Of(OnnxModelFile.Read(linear), "linear.onnx", [4]));

        StringAssert.Contains(error.Message, "'linear.onnx' has no node with weights");
    }
}
