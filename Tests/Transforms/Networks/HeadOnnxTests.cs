using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Transforms;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class HeadOnnxTests
{
    private static readonly NetworkDefinition mlp = new() { Name = "mlp", Layers = [new Dense { Units = 7 }, new BatchNormalization(), new Relu(), new Dropout { Rate = 0.5f }, new Dense()] };

    [TestMethod]
    [DataRow(1f, true, true)]
    [DataRow(0.5f, true, true)]
    [DataRow(1f, false, false)]
    [DataRow(2f, false, true)]
    public void A_head_is_read_back_bit_for_bit_with_its_normalisation(float scale, bool hasMean, bool hasDeviation)
    {
        var normalization = new Normalization(scale, hasMean ? [1, 2, 3, 4] : [], hasDeviation ? [5, 6, 7, 8] : []);
        var head = new HeadOnnx(Head(mlp, 4), "eye", normalization);

        var read = HeadOnnx.Read(Model(head), "'flowers'");

        Assert.AreEqual("eye", read.Input);
        CollectionAssert.AreEqual(head.Network.Weights, read.Network.Weights);
        CollectionAssert.AreEqual(head.Network.State, read.Network.State);
        Assert.AreEqual(head.Network.Shape.Definition.ToJson(), read.Network.Shape.Definition.ToJson());
        Assert.AreEqual(scale, read.Normalization!.Scale);
        CollectionAssert.AreEqual(normalization.Mean.ToArray(), read.Normalization.Mean.ToArray());
        CollectionAssert.AreEqual(normalization.StandardDeviation.ToArray(), read.Normalization.StandardDeviation.ToArray());
    }

    // The names of layers and of the normalisation's constants are those of the head below.
    [TestMethod]
    public void A_head_on_a_model_that_ends_in_a_head_is_read_back_too()
    {
        var normalization = new Normalization(1, [1, 2, 3, 4], [5, 6, 7, 8]);
        var below = Model(new HeadOnnx(Head(mlp, 4), "eye", normalization));
        var graph = below.UpTo("normalization.Div");
        var upper = new HeadOnnx(Head(mlp, 4, seed: 9), "normalization.Div", new Normalization(1, [4, 3, 2, 1], [1, 1, 1, 2]));
        upper.AppendTo(graph, "upper");
        var model = OnnxModelFile.Read(graph.Output("upper", TensorElementType.Float, "N", 3).ToBytes());

        var read = HeadOnnx.Read(model, "'upper'");

        CollectionAssert.AreEqual(upper.Network.Weights, read.Network.Weights);
        CollectionAssert.AreEqual(new[] { 4f, 3, 2, 1 }, read.Normalization!.Mean.ToArray());
        using var session = OnnxSession.Open(model.WithOutputs());
        Assert.HasCount(1, session.Outputs);
    }

    [TestMethod]
    public void A_model_without_a_head_is_refused_with_what_it_can_serve_as()
    {
        var network = OnnxModelFile.Read(NetworkOnnx.Write(Head(mlp, 4)));

        Assert.IsFalse(HeadOnnx.IsIn(network));
        var error = Assert.ThrowsExactly<NotSupportedException>(() => HeadOnnx.Read(network, "'plain'"));
        StringAssert.Contains(error.Message, "'plain' does not say what its head is");
        StringAssert.Contains(error.Message, "a new head is trained on one of its inner values");
    }

    [TestMethod]
    public void A_head_that_is_not_what_the_model_says_of_it_is_refused()
    {
        var graph = Eye();
        new HeadOnnx(Head(mlp, 4), "eye").AppendTo(graph);
        graph.Node("Neg", [NetworkOnnx.Output], ["changed"]);
        var model = OnnxModelFile.Read(graph.Output("changed", TensorElementType.Float, "N", 3).ToBytes());

        var error = Assert.ThrowsExactly<InvalidDataException>(() => HeadOnnx.Read(model, "'flowers'"));

        StringAssert.Contains(error.Message, "'flowers' says that it ends in a head of MLPipelines, but it was damaged or changed since");
    }

    private static Network Head(NetworkDefinition definition, int length, ulong seed = 3) => Network.Create(NetworkShape.Of(definition, ImageShape.Vector(length), 3), (int)seed);

    private static OnnxModelFile Model(HeadOnnx head)
    {
        var graph = Eye();
        head.AppendTo(graph);
        return OnnxModelFile.Read(graph.Output(NetworkOnnx.Output, TensorElementType.Float, "N", 3).ToBytes());
    }

    private static OnnxGraphBuilder Eye() =>
        new OnnxGraphBuilder("eye").Input("image", TensorElementType.Float, "N", 4).Node("Relu", ["image"], ["eye"]);
}
