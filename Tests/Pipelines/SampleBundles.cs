using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Pipelines;

/// <summary>Small bundles to test with.</summary>
internal static class SampleBundles
{
    /// <summary>When every bundle of the tests was made.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Three classes on 2 × 1 grey pixels: logits = (p₀, p₁, p₀ + p₁) with p in 0..1.</summary>
    public static ModelBundle Tiny { get; } =
        ModelBundle.Create(TinyManifest, LinearClassifierOnnx.Write([[1, 0], [0, 1], [1, 1]], [0, 0, 0], [1, 1, 2]));

    /// <summary>What <see cref="Tiny"/> says of itself.</summary>
    public static BundleManifest TinyManifest => new()
    {
        Name = "tiny",
        CreatedAt = Noon,
        Labels = ["left", "right", "both"],
        Preprocessing = new ImagePreprocessing { Width = 2, Height = 1, Colors = ColorOrder.Grey, Resize = ResizeMode.None },
        Model = new ModelSignature(LinearClassifierOnnx.Input, LinearClassifierOnnx.Output, SoftmaxInput.Logits),
        Calibration = new CalibrationRecord(1.5, "held out", new string('a', 64), 100, 0.9, 0.8, 0.1, 0.05),
        Training = new TrainingRecord("maxent", new Dictionary<string, string> { ["l2Regularization"] = "1" }, 1, "train", new string('b', 64), 900),
    };

    public static byte[] Bytes(this ModelBundle bundle)
    {
        using var stream = new MemoryStream();
        bundle.Write(stream);
        return stream.ToArray();
    }

    public static ModelBundle Read(byte[] bytes, BundleLimits? limits = null) => ModelBundle.Read(new MemoryStream(bytes), "test.mlbundle", limits);

    /// <summary>A grey PGM image of 2 × 1 pixels.</summary>
    public static byte[] Pgm(byte left, byte right) => [.. "P5\n2 1\n255\n"u8, left, right];
}
