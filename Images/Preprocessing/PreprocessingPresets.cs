namespace MLPipelines.Images;

/// <summary>Preprocessing that many models share, under a name.</summary>
/// <param name="Name">What <see cref="PreprocessingPresets.Get"/> finds it by.</param>
/// <param name="Description">One sentence: what it does and for which models.</param>
/// <param name="Source">Where the numbers come from.</param>
/// <param name="Preprocessing">The settings; another size by <c>with</c>.</param>
public sealed record PreprocessingPreset(string Name, string Description, string Source, ImagePreprocessing Preprocessing);

/// <summary>The preprocessing of the well-known model families.</summary>
public static class PreprocessingPresets
{
    private static readonly ImagePreprocessing Torch = new()
    {
        Width = 224, Height = 224, ShorterSide = 256, Mean = [.485f, .456f, .406f], StandardDeviation = [.229f, .224f, .225f],
    };

    private static readonly ImagePreprocessing Keras = new()
    {
        Width = 224, Height = 224, Resize = ResizeMode.Stretch, Layout = TensorLayout.ChannelsLast,
    };

    private static readonly ImagePreprocessing Digits = new() { Width = 28, Height = 28, Resize = ResizeMode.Stretch, Colors = ColorOrder.Grey };

    private static readonly ImagePreprocessing Tiny = new() { Width = 32, Height = 32, Resize = ResizeMode.Stretch };

    /// <summary>Every preset, in the order in which they are listed to people.</summary>
    public static IReadOnlyList<PreprocessingPreset> All { get; } =
    [
        new("imagenet-torch", "Shorter side 256, centre 224, RGB, ImageNet mean and deviation, NCHW: torchvision and timm classifiers.",
            "torchvision.models, \"all pre-trained models expect …\"", Torch),
        new("imagenet-caffe", "Stretched to 224, BGR 0..255 minus (104, 117, 123), NCHW: SqueezeNet (227), GoogLeNet, other Caffe models.",
            "BVLC Caffe, examples/cpp_classification", Keras with
            {
                Layout = TensorLayout.ChannelsFirst, Colors = ColorOrder.Bgr, Scale = 1, Mean = [104, 117, 123],
            }),
        new("imagenet-clip", "Shorter side 224 bicubic, centre 224, RGB, CLIP's mean and deviation, NCHW: CLIP image encoders.",
            "openai/CLIP, clip.py", Torch with
            {
                ShorterSide = 224, Interpolation = Interpolation.Bicubic,
                Mean = [.48145466f, .4578275f, .40821073f], StandardDeviation = [.26862954f, .26130258f, .27577711f],
            }),
        new("keras-tf", "Stretched to 224, RGB, byte / 127.5 − 1, NHWC: MobileNet, Inception, Xception, NASNet in Keras.",
            "keras.applications.imagenet_utils, mode \"tf\"", Keras with { Scale = 1 / 127.5f, Mean = [1] }),
        new("keras-caffe", "Stretched to 224, BGR 0..255 minus (103.939, 116.779, 123.68), NHWC: VGG and ResNet in Keras.",
            "keras.applications.imagenet_utils, mode \"caffe\"",
            Keras with { Colors = ColorOrder.Bgr, Scale = 1, Mean = [103.939f, 116.779f, 123.68f] }),
        new("keras-torch", "Stretched to 224, RGB, ImageNet mean and deviation, NHWC: DenseNet in Keras.",
            "keras.applications.imagenet_utils, mode \"torch\"", Keras with { Mean = Torch.Mean, StandardDeviation = Torch.StandardDeviation }),
        new("mnist", "28×28 grey, 0..1.", "the Keras and PyTorch tutorials' x / 255", Digits),
        new("mnist-raw", "28×28 grey, 0..255: models that scale inside, such as the ONNX model zoo's mnist-8.",
            "onnx/models, vision/classification/mnist", Digits with { Scale = 1 }),
        new("mnist-torch", "28×28 grey, mean 0.1307, deviation 0.3081.", "pytorch/examples, mnist/main.py",
            Digits with { Mean = [.1307f], StandardDeviation = [.3081f] }),
        new("cifar10", "32×32 RGB, CIFAR-10's mean and deviation, NCHW.",
            "the training set's channel mean and deviation, as commonly rounded",
            Tiny with { Mean = [.4914f, .4822f, .4465f], StandardDeviation = [.2470f, .2435f, .2616f] }),
        new("cifar10-raw", "32×32 RGB, 0..255, NHWC: MLPerf Tiny's ResNet-8.",
            "mlcommons/tiny, training/image_classification", Tiny with { Scale = 1, Layout = TensorLayout.ChannelsLast }),
        new("unit", "Stretched to 224 (set the size by `with`), RGB, 0..1, NCHW.", "byte / 255", Keras with { Layout = TensorLayout.ChannelsFirst }),
    ];

    /// <summary>The settings of a preset.</summary>
    /// <param name="name">A name from <see cref="All"/>; case does not matter.</param>
    /// <exception cref="ArgumentException">There is no such preset; the message lists those that are.</exception>
    public static ImagePreprocessing Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase))?.Preprocessing
            ?? throw new ArgumentException(
                $"There is no preprocessing preset '{name}'. There are: {string.Join(", ", All.Select(preset => preset.Name))}.", nameof(name));
    }
}
