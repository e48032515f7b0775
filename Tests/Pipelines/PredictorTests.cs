using MLPipelines.Onnx;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class PredictorTests
{
    // Worked by hand: p = (1, 0), logits (1, 0, 1), T = 1.5: e^(2/3) = 1.94773, so (1.94773, 1, 1.94773) / 4.89546.
    [TestMethod]
    public void The_most_probable_classes_come_first_and_equal_ones_in_the_order_of_the_labels()
    {
        using var predictor = new Predictor(SampleBundles.Tiny);

        var answer = predictor.Predict(SampleBundles.Pgm(255, 0), topN: 3);

        CollectionAssert.AreEqual(new[] { "left", "both", "right" }, answer.Predictions.Select(prediction => prediction.Label).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, answer.Predictions.Select(prediction => prediction.Rank).ToArray());
        Assert.AreEqual(0.397864, answer.Best.Probability, 1e-5);
        Assert.AreEqual(0.204271, answer.Predictions[2].Probability, 1e-5);
        Assert.AreEqual("tiny", answer.Model);
        Assert.AreEqual(SampleBundles.Tiny.Hash, answer.ModelHash);
    }

    [TestMethod]
    public void Bytes_a_file_and_a_stream_give_the_same_answer()
    {
        using var folder = new TemporaryFolder();
        using var predictor = new Predictor(SampleBundles.Tiny);
        var image = SampleBundles.Pgm(10, 200);
        using var stream = new MemoryStream(image);

        var expected = predictor.Predict(image).Predictions.ToArray();

        CollectionAssert.AreEqual(expected, predictor.Predict(folder.Write("a.pgm", image)).Predictions.ToArray());
        CollectionAssert.AreEqual(expected, predictor.Predict(stream).Predictions.ToArray());
        Assert.IsTrue(stream.CanRead);
        Assert.HasCount(2, predictor.Predict(image, topN: 2).Predictions);
        Assert.HasCount(3, predictor.Predict(image, topN: 100).Predictions);
    }

    [TestMethod]
    public void Broken_images_are_errors_that_name_them()
    {
        using var predictor = new Predictor(SampleBundles.Tiny);

        Assert.ThrowsExactly<InvalidDataException>(() => predictor.Predict("no image"u8.ToArray()));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            predictor.Predict("P5\n9 9\n255\n"u8.ToArray(), id: "nine.pgm")).Message, "nine.pgm");
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => predictor.Predict("nowhere.png")).Message,
            "'nowhere.png' does not exist");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => predictor.Predict(SampleBundles.Pgm(1, 2), topN: 0));
    }

    [TestMethod]
    public void A_batch_answers_in_order_and_says_which_images_are_broken()
    {
        using var predictor = new Predictor(SampleBundles.Tiny);
        var images = Enumerable.Range(0, 150)
            .Select(i => new ImageItem($"{i}", null, null, () => i % 50 == 7 ? "x"u8.ToArray() : SampleBundles.Pgm((byte)i, 99))).ToArray();

        var answers = predictor.PredictBatch(images, onBadItem: BadItemPolicy.Skip);

        for (var i = 0; i < images.Length; i++)
        {
            Assert.AreEqual($"{i}", answers[i].Id);
            if (i % 50 == 7)
            {
                StringAssert.Contains(answers[i].Error, $"{i}");
                Assert.ThrowsExactly<InvalidOperationException>(() => answers[i].Best);
                continue;
            }
            var alone = predictor.Predict(images[i].ReadBytes());
            Assert.AreEqual(alone.Best.Label, answers[i].Best.Label);
            Assert.AreEqual(alone.Best.Probability, answers[i].Best.Probability, 1e-6);
        }
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => predictor.PredictBatch(images)).Message,
            "Image '7' cannot be classified");
        Assert.ThrowsExactly<ArgumentException>(() => predictor.PredictBatch(images, onBadItem: BadItemPolicy.Quarantine));
    }

    [TestMethod]
    public void Many_threads_share_one_predictor()
    {
        using var predictor = new Predictor(SampleBundles.Tiny);
        var images = Enumerable.Range(0, 64).Select(i => SampleBundles.Pgm((byte)(i * 4), (byte)(255 - i))).ToArray();
        var expected = images.Select(image => predictor.Predict(image).Predictions.ToArray()).ToArray();

        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            CollectionAssert.AreEqual(expected[i % 64], predictor.Predict(images[i % 64]).Predictions.ToArray()));
    }

    [TestMethod]
    public void Several_predictors_may_share_a_bundle_and_each_owns_its_session()
    {
        var first = new Predictor(SampleBundles.Tiny);
        using var second = new Predictor(SampleBundles.Tiny, new OnnxSessionSettings { IntraOpThreads = 2 });

        first.Dispose();
        first.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Predict(SampleBundles.Pgm(1, 2)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.PredictBatch([]));
        Assert.AreEqual("both", second.Predict(SampleBundles.Pgm(100, 100)).Best.Label);
    }

    [TestMethod]
    public void Disposing_while_others_predict_ends_in_answers_or_in_ObjectDisposedException()
    {
        for (var round = 0; round < 20; round++)
        {
            var predictor = new Predictor(SampleBundles.Tiny);
            Parallel.For(0, 64, i =>
            {
                try
                {
                    if (i == 20) predictor.Dispose();
                    else predictor.Predict(SampleBundles.Pgm(1, 2));
                }
                catch (ObjectDisposedException)
                {
                    Assert.AreNotEqual(20, i);
                }
            });
        }
    }
}
