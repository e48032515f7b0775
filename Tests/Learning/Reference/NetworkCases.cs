using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Networks that together use every layer type, and the shapes at which kernels go wrong.</summary>
internal static class NetworkCases
{
    /// <summary>Small enough for finite differences.</summary>
    public static IReadOnlyList<NetworkCase> Small { get; } =
    [
        new("one dense layer, one sample", ImageShape.Vector(7), 1, []),
        new("two dense layers", ImageShape.Vector(33), 5, [new Dense { Units = 24 }, new Relu()], 5),
        new("a dense layer without bias", ImageShape.Vector(5), 2, [new Dense { Units = 3, Bias = false }, new Relu()]),
        new("a dense layer on an image", new(3, 5, 2), 2, []),
        new("a dense layer on a flattened image", new(4, 3, 3), 5, [new Flatten(), new Dense { Units = 16 }, new Relu()]),

        new("3×3 on one channel", new(7, 9, 1), 2, [Conv(16), new Relu()]),
        new("3×3 same, 3 to 24 channels", new(5, 6, 3), 5, [Conv(24, padding: 1), new Relu()]),
        new("1×1", new(5, 4, 16), 2, [Conv(5, kernel: 1), new Relu()]),
        new("1×1, stride 2, odd sides", new(7, 5, 5), 2, [Conv(16, kernel: 1, stride: 2)]),
        new("1×1, stride 3: pixels that are never seen", new(8, 7, 3), 1, [Conv(5, kernel: 1, stride: 3)]),
        new("5×5 same, 5 to 3 channels", new(9, 6, 5), 1, [Conv(3, kernel: 5, padding: 2), new Relu()]),
        new("7×7, stride 2, padding 3", new(15, 13, 3), 2, [Conv(16, kernel: 7, stride: 2, padding: 3), new Relu()]),
        new("3×3, stride 2, padding 1, odd sides", new(9, 7, 5), 5, [Conv(5, stride: 2, padding: 1), new Relu()]),
        new("3×3, stride 2, padding 1, even sides", new(8, 6, 3), 2, [Conv(16, stride: 2, padding: 1), new Relu()]),
        new("3×3, stride 2, without padding: a row and a column left over", new(8, 10, 3), 2, [Conv(5, stride: 2)]),
        new("3×3, padding 2", new(4, 5, 3), 2, [Conv(5, padding: 2)]),
        new("2×2, stride 2, padding 1", new(6, 5, 3), 2, [Conv(5, kernel: 2, stride: 2, padding: 1)]),
        new("4×4 same: the output is smaller", new(6, 6, 3), 2, [Conv(5, kernel: 4, padding: -1)]),
        new("a kernel as large as the image", new(5, 5, 3), 2, [Conv(24, kernel: 5), new Relu()]),
        new("a kernel larger than the image", new(3, 2, 3), 2, [Conv(5, kernel: 5, padding: 2), new Relu()]),
        new("33 to 33 channels, without bias", new(4, 5, 33), 2, [Conv(33, padding: 1, bias: false), new Relu()]),
        new("a single pixel", new(1, 1, 5), 5, [Conv(3, padding: 1), new Relu()]),
        new("a single row", new(1, 17, 3), 2, [Conv(5, padding: 1), new Relu()]),
        new("three convolutions in a row", new(9, 8, 1), 2, [Conv(5), Conv(3, kernel: 1), Conv(16, padding: 1)]),

        new("2 groups", new(5, 7, 6), 2, [Conv(10, groups: 2, padding: 1), new Relu()]),
        new("3 groups of 1×1, stride 2", new(6, 5, 33), 2, [Conv(24, kernel: 1, stride: 2, groups: 3)]),
        new("depthwise 3×3 on 24 channels", new(6, 5, 24), 2, [Conv(24, groups: 24, padding: 1), new Relu()]),
        new("depthwise 5×5, stride 2, on 33 channels", new(9, 8, 33), 1, [Conv(33, kernel: 5, stride: 2, groups: 33, padding: 2, bias: false)]),
        new("depthwise with two outputs per channel", new(5, 5, 3), 5, [Conv(6, groups: 3)]),

        new("batch normalisation of the input", new(4, 5, 3), 2, [new BatchNormalization()]),
        new("batch normalisation of a vector", ImageShape.Vector(9), 5, [new Dense { Units = 16 }, new BatchNormalization(), new Relu()]),
        new("convolution, batch normalisation, ReLU", new(6, 7, 3), 2, [Conv(24, padding: 1, bias: false), new BatchNormalization(), new Relu()]),
        new("batch normalisation of one sample, after a bias", new(5, 4, 3), 1, [Conv(5), new BatchNormalization { Momentum = 0.75f, Epsilon = 0.01f }]),
        new("batch normalisation after ReLU, and twice", new(5, 5, 3), 5,
            [Conv(16), new Relu(), new BatchNormalization(), new BatchNormalization { Momentum = 0 }, new Relu()]),

        new("ReLU of the input", new(3, 4, 5), 2, [new Relu()]),
        new("ReLU twice", ImageShape.Vector(33), 2, [new Dense { Units = 5 }, new Relu(), new Relu()]),

        new("max pooling of the input, with a remainder", new(7, 9, 3), 2, [new MaxPooling()]),
        new("convolution, ReLU, max pooling", new(9, 8, 3), 2, [Conv(33, padding: 1), new Relu(), new MaxPooling()]),
        new("convolution, ReLU, max pooling with a remainder", new(7, 9, 1), 5, [Conv(16, padding: 1), new Relu(), new MaxPooling()]),
        new("max pooling 3, stride 2: windows overlap", new(9, 8, 5), 2, [Conv(5, padding: 1), new MaxPooling { Size = 3, Stride = 2 }, new Relu()]),
        new("max pooling 2, stride 3: pixels left out", new(8, 9, 3), 2, [Conv(5, padding: 1), new Relu(), new MaxPooling { Size = 2, Stride = 3 }]),
        new("max pooling 3, stride 1", new(5, 6, 3), 2, [new MaxPooling { Size = 3, Stride = 1 }, Conv(5)]),
        new("normalisation, ReLU, max pooling", new(8, 6, 3), 2, [Conv(16, bias: false), new BatchNormalization(), new Relu(), new MaxPooling()]),
        new("average pooling with a remainder", new(7, 9, 3), 2, [Conv(5, padding: 1), new Relu(), new AveragePooling()]),
        new("average pooling 3, stride 2", new(9, 8, 5), 5, [new AveragePooling { Size = 3, Stride = 2 }, Conv(3)]),
        new("average pooling 2, stride 3", new(8, 8, 16), 1, [Conv(24, kernel: 1), new AveragePooling { Size = 2, Stride = 3 }]),
        new("global average pooling", new(5, 7, 3), 5, [Conv(33), new Relu(), new GlobalAveragePooling()]),
        new("global average pooling of the input", new(4, 3, 5), 2, [new GlobalAveragePooling()]),
        new("a convolution after global average pooling", new(4, 5, 3), 2, [Conv(16), new GlobalAveragePooling(), Conv(5, kernel: 1), new Relu()]),

        new("residual", new(5, 6, 5), 2, [Conv(16, padding: 1), Sum([Conv(16, padding: 1), new Relu(), Conv(16, padding: 1)]), new Relu()]),
        new("residual with a shortcut", new(7, 5, 3), 2, [Sum([.. Normalized(24, 2), Conv(24, padding: 1)], [Conv(24, kernel: 1, stride: 2)]), new Relu()]),
        new("residual of the input", new(5, 4, 3), 5, [Sum([Conv(3, padding: 1)])]),
        new("residual of dense layers", ImageShape.Vector(16), 5, [Sum([new Dense { Units = 24 }, new Relu(), new Dense { Units = 16 }])]),
        new("residual with an activation alone", new(4, 4, 5), 2, [Conv(5), Sum([new Relu()], [new BatchNormalization()])]),
        new("residual with pooling in both branches", new(7, 6, 3), 2, [Conv(5, padding: 1), Sum([new MaxPooling()], [new AveragePooling(), new Relu()])]),
        new("residual in a residual", new(6, 5, 3), 2,
            [Conv(5, padding: 1), Sum([Conv(5, padding: 1), Sum([Conv(5, kernel: 1), new Relu()], [Conv(5, padding: 1)]), new Relu()]), new Relu()]),
        new("residual in a shortcut", new(5, 5, 3), 2, [Sum([Conv(3, padding: 1)], [Sum([new Relu()]), new BatchNormalization()]), new Relu()]),
        new("two residuals in a row, normalised", new(6, 6, 3), 5,
            [.. Normalized(16, 1), Sum([.. Normalized(16, 1), Conv(16, padding: 1)]), new Relu(), Sum([.. Normalized(33, 2)], [Conv(33, kernel: 1, stride: 2)])]),

        new("flattened at once, then dropout", new(4, 3, 3), 2, [new Flatten(), NoDropout]),
        new("flattened at once, then ReLU", new(4, 3, 3), 2, [new Flatten(), new Relu(), new Dense { Units = 5 }]),
        new("flattened at once, then normalised", new(3, 3, 2), 5, [new Flatten(), new BatchNormalization(), new Relu()]),
        new("flattened twice", new(4, 3, 5), 2, [Conv(5, padding: 1), new Flatten(), new Flatten(), new Relu()]),
        new("flattened, then normalised, dropped and rectified", new(4, 3, 3), 5,
            [Conv(5), new Flatten(), new BatchNormalization(), NoDropout, new Relu(), new Dense { Units = 9 }, new Relu()]),
        new("flattened in both branches", new(3, 4, 3), 2, [Conv(5), Sum([new Flatten(), new Dense { Units = 10 }], [new Flatten()]), new Relu()]),
        new("an image dropped, then convolved", new(5, 6, 3), 2, [NoDropout, Conv(5), NoDropout, new Relu(), NoDropout, new MaxPooling()]),
        new("dropout of what two branches read", new(5, 5, 3), 2, [Conv(5), new Relu(), Sum([NoDropout, Conv(5, padding: 1)], [NoDropout]), NoDropout, new Relu()]),
        new("convolutions of a vector", ImageShape.Vector(20), 5, [new Dense { Units = 12 }, new Relu(), Conv(9, kernel: 1), new Relu(), Conv(5, padding: 1)]),
        new("convolutions of the input vector, normalised", ImageShape.Vector(20), 5, [Conv(9, kernel: 1), new BatchNormalization(), new Relu()]),
        new("windows of one pixel", new(5, 4, 3), 2, [Conv(5), new MaxPooling { Size = 1 }, new AveragePooling { Size = 1 }, new Relu()]),
        new("every second pixel", new(7, 6, 3), 2, [Conv(5, padding: 1), new Relu(), new MaxPooling { Size = 1, Stride = 2 }]),
        new("max pooling 3 after ReLU, with a remainder", new(10, 11, 3), 2, [Conv(5), new Relu(), new MaxPooling { Size = 3 }]),
        new("max pooling 4 without ReLU", new(11, 13, 3), 2, [Conv(17, padding: 1), new MaxPooling { Size = 4 }]),
        new("max pooling of the whole image", new(12, 12, 3), 2, [Conv(9, padding: 1), new Relu(), new MaxPooling { Size = 12 }]),
        new("max pooling 2, then 3, then averages", new(19, 16, 2), 2,
            [Conv(5, padding: 1), new MaxPooling(), new Relu(), Conv(6, padding: 1), new Relu(), new MaxPooling { Size = 3 }, new AveragePooling()]),
        new("max pooling after a strided convolution", new(13, 15, 3), 2, [Conv(6), Conv(9, stride: 2, padding: 1), new Relu(), new MaxPooling()]),
        new("max pooling after groups", new(8, 9, 4), 2, [Conv(6), Conv(10, groups: 2, padding: 1), new Relu(), new MaxPooling()]),
        new("max pooling after a depthwise convolution", new(8, 9, 4), 2, [Conv(6), Conv(6, groups: 6, padding: 1), new Relu(), new MaxPooling()]),
        new("max pooling of what two branches read", new(8, 8, 3), 2, [Conv(5), new Relu(), new MaxPooling(), Sum([Conv(5, padding: 1)]), new MaxPooling()]),
        new("depthwise 1×1 of the input, stride 3", new(8, 7, 5), 2, [Conv(5, kernel: 1, groups: 5, stride: 3), new Relu()]),
        new("depthwise 3×3, padding 2, between convolutions", new(4, 5, 3), 2, [Conv(9, padding: 2), Conv(9, groups: 9, padding: 2), Conv(5, padding: 1)]),
        new("depthwise in a residual, normalised", new(6, 6, 3), 2,
            [.. Normalized(9, 1), Sum([Conv(9, groups: 9, padding: 1, bias: false), new BatchNormalization(), new Relu(), Conv(9, kernel: 1)])]),
        new("three read the same input", new(5, 6, 4), 2, [Sum([Sum([Conv(4, padding: 1)])], [Sum([Conv(4, kernel: 1), new Relu()])]), new Relu()]),
        new("four read the same values", new(5, 6, 3), 2,
            [Conv(4, padding: 1), new Relu(), Sum([Sum([Conv(4, padding: 1)], [Conv(4, kernel: 1)])], [Sum([new Relu()])]), new Relu(), Conv(3)]),
        new("residual of normalisations", new(5, 6, 3), 5, [Conv(4), Sum([new BatchNormalization()], [new BatchNormalization(), new Relu()]), new BatchNormalization()]),
        new("blocks of a ResNet, shortcuts normalised", new(7, 6, 3), 5,
            [.. Normalized(9, 1), .. Block(9, 17, 2), new Relu(), .. Block(17, 5, 1), new Relu(), .. Block(5, 5, 2)]),
        new("a branch that waits for the batch in training alone", new(8, 8, 3), 21,
            [Conv(5), new MaxPooling { Size = 3, Stride = 2 }, Sum([new GlobalAveragePooling(), new Dense { Units = 5 }], [new AveragePooling(), new BatchNormalization(), new Relu()])]),
        new("dense branches normalised", ImageShape.Vector(7), 5,
            [Sum([new Dense { Units = 9 }, new BatchNormalization(), new Relu(), new Dense { Units = 6 }, new BatchNormalization()], [new Dense { Units = 6 }, new BatchNormalization()]), new Relu()]),
        new("a shortcut that does more than its branch", new(5, 6, 3), 5,
            [Conv(4), Sum([new BatchNormalization()], [.. Normalized(6, 1), Conv(6, padding: 1), NoDropout, Conv(4, padding: 1), new BatchNormalization()])]),
        new("residual after pooling, before pooling", new(9, 9, 3), 2, [new MaxPooling(), Sum([new Relu()]), new AveragePooling(), Sum([new Relu()])]),
        new("residual of averages", new(5, 5, 4), 2, [Conv(4), Sum([new GlobalAveragePooling()], [Conv(4)])]),
        new("residual without ReLU, straight into the next", new(5, 5, 3), 2, [Sum([Conv(3, padding: 1)]), Sum([Conv(3, padding: 1)]), Sum([new Relu()])]),

        new("the last layer averages", new(6, 5, 3), 2, [Conv(7), new Relu(), Conv(4, kernel: 1), new GlobalAveragePooling()], 4, EndsDense: false),
        new("the last layer is a convolution", new(3, 3, 5), 2, [Conv(6, padding: 1), new Relu(), Conv(4)], 4, EndsDense: false),
        new("the last layer rectifies", ImageShape.Vector(6), 5, [new Dense { Units = 9 }, new Relu(), new Dense(), new Relu()], 4, EndsDense: false),
        new("the last layer normalises", ImageShape.Vector(6), 5, [new Dense(), new BatchNormalization()], 4, EndsDense: false),
        new("the last layer pools", new(4, 4, 3), 2, [Conv(5), new Relu(), new MaxPooling()], 5, EndsDense: false),
        new("the last layer flattens", new(4, 4, 3), 2, [Conv(2), new Relu(), new Flatten()], 8, EndsDense: false),
        new("the last layer drops", ImageShape.Vector(6), 2, [new Dense { Units = 4 }, NoDropout], 4, EndsDense: false),
        new("the last layer is a residual", ImageShape.Vector(5), 2, [new Dense(), Sum([new Relu(), new Dense()])], 4, EndsDense: false),
        new("dropout of images of 5 channels", new(6, 5, 3), 2, [Conv(5), new Relu(), NoDropout, Conv(3), NoDropout, new Dense { Units = 9 }, NoDropout]),
        new("two classes", new(5, 5, 1), 2, [Conv(2), new Relu()], 2),
        new("a thousand classes", new(4, 4, 3), 2, [Conv(5), new Relu()], 1000),
    ];

    /// <summary>Large enough to go over the edges of the tiles in which kernels work.</summary>
    public static IReadOnlyList<NetworkCase> Large { get; } =
    [
        new("dense layers of 300, 130 and 50", ImageShape.Vector(300), 37, [new Dense { Units = 130 }, new Relu(), new Dense { Units = 50 }, new Relu()], 10),
        new("a wide batch", ImageShape.Vector(65), 259, [new Dense { Units = 17 }, new Relu()], 10),
        new("17 to 50 channels", new(19, 33, 17), 3, [Conv(50, padding: 1), new Relu(), new MaxPooling { Size = 3, Stride = 2 }], 10),
        // 3×3 without stride between 16 channels and more: computed by minimal filtering, in tiles of 4×4 pixels.
        new("tiles cut off on both sides", new(9, 14, 16), 5, [Conv(16, kernel: 1), new Relu(), Conv(32, padding: 1), new Relu(), Conv(48, padding: 2)], 10),
        new("many tiles, in several rounds", new(37, 35, 16), 2, [Conv(16, padding: 1), new Relu(), Conv(16), new GlobalAveragePooling()], 10),
        new("few tiles of many samples", new(5, 6, 3), 83, [.. Normalized(20, 1), .. Normalized(36, 1), Conv(16), new Relu()], 10),
        new("tiles in a residual, twice", new(8, 11, 16), 21,
            [Sum([.. Normalized(16, 1), Conv(16, padding: 1)]), new Relu(), Sum([Conv(16, padding: 1)]), new Relu()], 10),
        new("tiles and windows of 3", new(15, 17, 16), 3, [Conv(16, padding: 1), new Relu(), new MaxPooling { Size = 3 }, Conv(16, padding: 1), new MaxPooling()], 10),
        new("tiles of 17 to 31 channels", new(12, 12, 3), 4, [Conv(17), new Relu(), Conv(31), new Relu(), new MaxPooling()], 10),
        // The same with stride 2, on planes of every second pixel: all paddings, even and odd sides, and sides that end within a tile.
        new("every second pixel, padding 0", new(18, 21, 16), 5, [Conv(17, padding: 1), Conv(24, stride: 2), new Relu()], 10),
        new("every second pixel, padding 1", new(16, 13, 16), 5, [Conv(16, kernel: 1), Conv(33, stride: 2, padding: 1), new Relu(), Conv(16, stride: 2, padding: 1)], 10),
        new("every second pixel, padding 2", new(16, 13, 16), 5, [Conv(20, padding: 1), Conv(48, stride: 2, padding: 2), new Relu()], 10),
        new("every second pixel, then windows", new(33, 38, 3), 3, [Conv(16), Conv(16, stride: 2, padding: 1), new Relu(), new MaxPooling { Size = 3 }], 10),
        new("every second pixel of many samples, in both branches", new(23, 21, 3), 19,
            [.. Normalized(32, 1), Sum([.. Normalized(16, 2)], [Conv(16, stride: 2, padding: 1)]), new Relu(), .. Block(16, 32, 2), new Relu()], 10),
        new("64 to 96 channels", new(10, 13, 64), 4, [Conv(96), new Relu(), new MaxPooling()], 10),
        new("1×1 from 100 to 72 channels", new(11, 9, 100), 7, [Conv(72, kernel: 1, bias: false), new BatchNormalization(), new Relu()], 10),
        new("7×7 on a wide image", new(9, 150, 3), 3, [Conv(20, kernel: 7, padding: 3), new Relu(), new MaxPooling()], 10),
        new("sums of several thousand terms", new(3, 5, 300), 5, [Conv(40, padding: 1), new Relu(), new Dense { Units = 33 }], 10),
        new("a large image", new(65, 71, 3), 2, [.. Normalized(32, 2), Conv(40, stride: 2, padding: 1), new Relu(), new GlobalAveragePooling()], 10),
        new("depthwise and pointwise", new(17, 15, 3), 9,
            [.. Normalized(48, 1), Conv(48, groups: 48, stride: 2, padding: 1), new BatchNormalization(), new Relu(), Conv(80, kernel: 1), new Relu()], 10),
        .. ReadyMade(),
    ];

    /// <summary>The ready-made networks; dropout, which is random, keeps everything.</summary>
    private static IEnumerable<NetworkCase> ReadyMade() =>
        from made in new (NetworkDefinition Definition, ImageShape Input)[]
        {
            (ReadyMadeNetworks.Mlp, new(28, 28, 1)), (ReadyMadeNetworks.TutorialCnn, new(28, 28, 1)),
            (ReadyMadeNetworks.CompactCnn, new(28, 28, 1)), (ReadyMadeNetworks.SmallResNet, new(32, 32, 3)),
        }
        select new NetworkCase(made.Definition.Name, made.Input, 3, [.. made.Definition.Layers.SkipLast(1)], 10).WithDropout(0);

    private static Dropout NoDropout => new() { Rate = 0 };

    private static Convolution Conv(int filters, int kernel = 3, int stride = 1, int padding = 0, int groups = 1, bool bias = true) => new()
    {
        Filters = filters, Kernel = kernel, Stride = stride, Padding = new Padding(padding), Groups = groups, Bias = bias,
    };

    private static LayerDefinition[] Normalized(int filters, int stride) =>
        [Conv(filters, stride: stride, padding: 1, bias: false), new BatchNormalization(), new Relu()];

    private static LayerDefinition[] Block(int inputs, int filters, int stride) =>
    [
        Sum(
            [.. Normalized(filters, stride), Conv(filters, padding: 1, bias: false), new BatchNormalization()],
            inputs == filters && stride == 1 ? null : [Conv(filters, kernel: 1, stride: stride, bias: false), new BatchNormalization()]),
    ];

    private static Residual Sum(LayerDefinition[] layers, LayerDefinition[]? shortcut = null) => new() { Layers = layers, Shortcut = shortcut ?? [] };
}
