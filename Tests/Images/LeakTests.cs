using System.Globalization;
using MLPipelines.Images;
using MLPipelines.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLPipelines.Tests.Images;

/// <summary>
/// Memory stays flat over many sessions and many images, good and bad ones. Here in a short form; <c>eng/leak-check.sh</c> runs the long one,
/// by the environment variables MLPIPELINES_LEAK_SESSIONS and MLPIPELINES_LEAK_IMAGES.
/// </summary>
/// <remarks>
/// Measured is the process's working set after a full collection, so that these tests run alone. The bound is far above the noise (a few MiB)
/// and far below what a leak would leave: a model here has 4 MiB of weights, an image 192 KiB of pixels.
/// </remarks>
[TestClass, DoNotParallelize]
public sealed class LeakTests
{
    private const int WarmUp = 50;
    private const double AllowedMiB = 64;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void Sessions_opened_run_and_disposed_leave_no_memory_behind()
    {
        var weights = OnnxTensor.Of(new float[1024 * 1024], 1024, 1024);
        var model = new OnnxGraphBuilder("product")
            .Input("x", TensorElementType.Float, "N", 1024)
            .Initializer("w", weights)
            .Node("MatMul", ["x", "w"], ["y"])
            .Output("y", TensorElementType.Float, "N", 1024)
            .ToBytes();
        var input = OnnxTensor.Of(new float[1024], 1, 1024);
        var wrong = OnnxTensor.Of(new float[3], 1, 3);
        MemoryStaysFlat("MLPIPELINES_LEAK_SESSIONS", 100, () =>
        {
            using var session = OnnxSession.Open(model, new OnnxSessionSettings { IntraOpThreads = 1 });
            Assert.AreEqual(1024, session.Run(input).Values<float>().Length);
            Assert.ThrowsExactly<OnnxModelException>(() => session.Run(wrong));
            Assert.ThrowsExactly<OnnxModelException>(() => OnnxSession.Open(model[..(model.Length / 2)]));
        });
    }

    [TestMethod]
    public void Images_decoded_resized_encoded_and_refused_leave_no_memory_behind()
    {
        var picture = Pixels.Ramps(256, 256, 3);
        var files = Enum.GetValues<ImageFileFormat>().Select(format => ImageCodec.Encode(picture, format)).ToArray();
        var next = 0;
        MemoryStaysFlat("MLPIPELINES_LEAK_IMAGES", 1000, () =>
        {
            var file = files[next++ % files.Length];
            var image = ImageCodec.Decode(file, new ImageDecodeSettings { ShrinkToAtLeast = (200, 200) });
            var resized = ImageCodec.Resize(image, 224, 224, Interpolation.Bilinear);
            if (next % 10 == 0)
            {
                Assert.IsNotEmpty(ImageCodec.Encode(resized, ImageFileFormat.Jpeg));
                Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(file.AsSpan(0, file.Length / 2)));
            }
        });
    }

    private void MemoryStaysFlat(string countVariable, int shortCount, Action once)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable(countVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given : shortCount;
        for (var i = 0; i < WarmUp; i++)
            once();

        var before = WorkingSetMiB();
        for (var i = 0; i < count / 2; i++)
            once();
        var halfway = WorkingSetMiB();
        for (var i = count / 2; i < count; i++)
            once();
        var after = WorkingSetMiB();

        TestContext.WriteLine(FormattableString.Invariant($"{count} times: {before:F1} MiB before, {halfway:F1} halfway, {after:F1} after"));
        Assert.IsLessThan(AllowedMiB, after - before, "MiB more than before");
    }

    private static double WorkingSetMiB()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet / 1048576.0;
    }
}
