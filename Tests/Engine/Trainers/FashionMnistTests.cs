using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>Real data: the first 20,000 training images of Fashion-MNIST and all 10,000 test images.</summary>
[TestClass]
public sealed class FashionMnistTests
{
    [TestMethod]
    public void L_BFGS_gets_more_than_82_of_100_Fashion_MNIST_images_right()
    {
        var train = Images("train", 20_000);
        var test = Images("t10k", 10_000);
        var ml = new MLContext(seed: 1);
        var model = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = 60 }).Fit(train);

        Assert.IsGreaterThan(0.82, ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
    }

    private static IDataView Images(string part, int count)
    {
        // IDX: a big-endian head of 16 bytes before the pixels, of 8 before the labels.
        var pixels = Unzip($"fashion-mnist/{part}-images-idx3-ubyte.gz").AsMemory(16);
        var labels = Unzip($"fashion-mnist/{part}-labels-idx1-ubyte.gz").AsMemory(8);
        return Labelled.View(784, 10, Enumerable.Range(0, count).Select(image => new Labelled(
            [.. pixels.Slice(image * 784, 784).ToArray().Select(pixel => pixel / 255f)], labels.Span[image])));
    }

    private static byte[] Unzip(string file)
    {
        using var zip = new GZipStream(File.OpenRead(TestData.Require(file)), CompressionMode.Decompress);
        using var content = new MemoryStream();
        zip.CopyTo(content);
        return content.ToArray();
    }
}
