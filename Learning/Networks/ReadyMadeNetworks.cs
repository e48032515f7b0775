namespace MLPipelines.Learning;

/// <summary>Architectures that need no thought: the tutorials' two, a compact one for small grey images, a residual one for colour.</summary>
/// <remarks>Each takes any input size that survives its pooling, and any number of classes.</remarks>
public static class ReadyMadeNetworks
{
    /// <summary>The tutorials' perceptron: two hidden layers of 512 with dropout 0.2; 669,706 parameters on 784 inputs and 10 classes.</summary>
    public static NetworkDefinition Mlp { get; } = new()
    {
        Name = "mlp",
        Layers =
        [
            new Flatten(),
            new Dense { Units = 512 }, new Relu(), new Dropout { Rate = 0.2f },
            new Dense { Units = 512 }, new Relu(), new Dropout { Rate = 0.2f },
            new Dense(),
        ],
    };

    /// <summary>The tutorials' convolutional network; 1,199,882 parameters on 28×28×1 and 10 classes.</summary>
    public static NetworkDefinition TutorialCnn { get; } = new()
    {
        Name = "tutorial-cnn",
        Layers =
        [
            new Convolution { Filters = 32 }, new Relu(),
            new Convolution { Filters = 64 }, new Relu(),
            new MaxPooling(), new Dropout { Rate = 0.25f }, new Flatten(),
            new Dense { Units = 128 }, new Relu(), new Dropout { Rate = 0.5f },
            new Dense(),
        ],
    };

    /// <summary>Five normalised convolutions and a mean over the image: 70,746 parameters on 28×28×1 and 10 classes.</summary>
    /// <remarks>The image is halved after the first one, so that a pass costs 5.6 million multiply-adds, half of the tutorials' network.</remarks>
    public static NetworkDefinition CompactCnn { get; } = new()
    {
        Name = "cnn",
        Layers =
        [
            .. Normalized(16), new MaxPooling(),
            .. Normalized(32), .. Normalized(32), new MaxPooling(),
            .. Normalized(64), .. Normalized(64),
            new GlobalAveragePooling(), new Dense(),
        ],
    };

    /// <summary>A small ResNet for colour images of about 32×32: three stages of residual blocks, each half as large and twice as deep.</summary>
    public static NetworkDefinition SmallResNet { get; } = new()
    {
        Name = "resnet",
        Layers =
        [
            .. Normalized(32),
            .. Block(32, 32, 1), .. Block(32, 64, 2), .. Block(64, 128, 2),
            new GlobalAveragePooling(), new Dense(),
        ],
    };

    private static LayerDefinition[] Normalized(int filters, int stride = 1) =>
    [
        new Convolution { Filters = filters, Stride = stride, Padding = Padding.Same, Bias = false }, new BatchNormalization(), new Relu(),
    ];

    private static LayerDefinition[] Block(int inputs, int filters, int stride) =>
    [
        new Residual
        {
            Layers =
            [
                .. Normalized(filters, stride),
                new Convolution { Filters = filters, Padding = Padding.Same, Bias = false }, new BatchNormalization(),
            ],
            Shortcut = stride == 1 && inputs == filters
                ? []
                : [new Convolution { Filters = filters, Kernel = 1, Stride = stride, Bias = false }, new BatchNormalization()],
        },
        new Relu(),
    ];
}
