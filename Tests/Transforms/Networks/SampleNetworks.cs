using MLPipelines.Learning;

namespace MLPipelines.Tests.Transforms;

/// <summary>Networks of every layer and of the combinations that are easily got wrong, with weights and statistics that are nowhere 0 or 1.</summary>
internal static class SampleNetworks
{
    private static readonly ImageShape Image = new(6, 5, 3);

    public static IReadOnlyList<(string Name, NetworkShape Shape)> All { get; } =
    [
        ("the MLP", NetworkShape.Of(ReadyMadeNetworks.Mlp, new ImageShape(8, 8, 1), 10)),
        ("the tutorial's CNN", NetworkShape.Of(ReadyMadeNetworks.TutorialCnn, new ImageShape(9, 10, 2), 4)),
        ("the compact CNN", NetworkShape.Of(ReadyMadeNetworks.CompactCnn, new ImageShape(12, 9, 1), 3)),
        ("the small ResNet", NetworkShape.Of(ReadyMadeNetworks.SmallResNet, new ImageShape(8, 8, 3), 5)),
        ("a linear model of pixels", Of(Image, new Dense())),
        ("a linear model of features", Of(ImageShape.Vector(7), new Dense { Bias = false })),
        ("strides, padding and groups", Of(
            Image, new Convolution { Filters = 6, Stride = 2, Padding = Padding.Same, Groups = 3 }, new Relu(),
            new Convolution { Filters = 6, Kernel = 2, Groups = 6, Bias = false }, new Dense())),
        ("average pooling with its own stride", Of(Image, new AveragePooling { Size = 3, Stride = 1 }, new MaxPooling { Size = 2, Stride = 1 }, new Dense())),
        ("flattened planes through ReLU and dropout", Of(Image, new Flatten(), new Relu(), new Dropout(), new Dense { Units = 8 }, new Dense())),
        ("flattened planes into batch normalisation", Of(Image, new Flatten(), new BatchNormalization { Epsilon = 0.01f }, new Relu(), new Dense())),
        ("flattened planes into a sum", Of(Image, new Flatten(), new Residual { Layers = [new Dense { Units = 90 }] }, new Dense())),
        ("a sum of vectors", Of(
            ImageShape.Vector(6), new Residual { Layers = [new Dense { Units = 6 }, new Relu()], Shortcut = [new BatchNormalization()] }, new Dropout())),
        ("a sum of a mean and a dense layer", Of(
            Image, new Residual { Layers = [new GlobalAveragePooling()], Shortcut = [new Dense { Units = 3 }] }, new Relu(), new Dense())),
        ("convolutions of a vector", Of(ImageShape.Vector(5), new Convolution { Filters = 4, Kernel = 1 }, new Relu(), new GlobalAveragePooling(), new Dense())),
        ("ending in a mean", Of(Image, new Convolution { Filters = 6 }, new GlobalAveragePooling())),
        ("ending in flattened planes", Of(new ImageShape(2, 1, 3), new Relu(), new Flatten())),
        ("ending in dropout", Of(Image, new Dense(), new Dropout())),
        ("layers with the names of input and output", Of(
            Image, new Convolution { Filters = 2, Name = "logits" }, new Relu { Name = "input" }, new Dense { Name = "logits.flat" }, new Dense())),
    ];

    public static IEnumerable<object[]> Names => All.Select(network => new object[] { network.Name });

    public static Network Named(string name) => Filled(All.Single(network => network.Name == name).Shape);

    /// <summary>Numbers of ordinary size in every tensor, so that none can be forgotten or exchanged without being seen.</summary>
    public static Network Filled(NetworkShape shape)
    {
        var network = Network.Create(shape, seed: 3);
        var random = new SeededRandom(5);
        foreach (var tensor in shape.Weights.Where(tensor => !tensor.Decays))
            foreach (ref var value in network.WeightsOf(tensor)) value = 0.5f + random.NextSingle();
        foreach (ref var value in network.State.AsSpan()) value = 0.25f + random.NextSingle();
        return network;
    }

    public static float[] Samples(ImageShape shape, int count)
    {
        var random = new SeededRandom(11);
        return [.. Enumerable.Range(0, count * shape.Size).Select(_ => (float)random.NextNormal())];
    }

    private static NetworkShape Of(ImageShape input, params LayerDefinition[] layers) =>
        NetworkShape.Of(new NetworkDefinition { Name = "sample", Layers = layers }, input, classes: 6);
}
