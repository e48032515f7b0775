using System.Security.Cryptography;
using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class SampleImagesTests
{
    private static readonly SampleImageSettings few = new() { Size = 16, TrainPerClass = 2, TestPerClass = 1 };

    [TestMethod]
    public void The_same_settings_draw_the_same_image_and_another_seed_another()
    {
        var image = SampleImages.Draw(3, 7);

        CollectionAssert.AreEqual(image.Pixels, SampleImages.Draw(3, 7).Pixels);
        CollectionAssert.AreNotEqual(image.Pixels, SampleImages.Draw(3, 8).Pixels);
        CollectionAssert.AreNotEqual(image.Pixels, SampleImages.Draw(3, 7, DatasetParts.Test).Pixels);
        CollectionAssert.AreNotEqual(image.Pixels, SampleImages.Draw(3, 7, settings: new() { Seed = 2 }).Pixels);
    }

    [TestMethod]
    public void An_image_depends_on_size_difficulty_seed_part_class_and_number_alone()
    {
        var inOrder = Enumerable.Range(0, 12).Select(label => SampleImages.Draw(label, 5).Pixels).ToArray();
        var otherwise = new byte[12][];
        Parallel.For(0, 12, i => otherwise[11 - i] = SampleImages.Draw(11 - i, 5, DatasetParts.Train, new() { TrainPerClass = 6, TestPerClass = 0 }).Pixels);

        foreach (var (expected, actual) in inOrder.Zip(otherwise)) CollectionAssert.AreEqual(expected, actual);
        foreach (var other in new SampleImageSettings[] { new() { Seed = 2 }, new() { Difficulty = 0.49 }, new() { Size = 33 } })
            CollectionAssert.AreNotEqual(inOrder[3], SampleImages.Draw(3, 5, settings: other).Pixels);
    }

    // What is published about the demo holds for these images. Draw others on purpose only, and then measure the demo anew.
    [TestMethod]
    public void The_images_are_the_same_on_every_machine()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var difficulty in new[] { 0, 0.5, 1 })
            foreach (var image in Enumerable.Range(0, 48))
                hash.AppendData(SampleImages.Draw(image % 12, image, settings: new() { Difficulty = difficulty }).Pixels);

        Assert.AreEqual("8152fd51a2c74e1080b69bfc429d9d0643ea7d1bc1ba6490c2460e402d26e424", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [TestMethod]
    public void No_two_classes_have_the_same_outline()
    {
        var outlines = SampleImages.Classes.Index().Select(each => Light(SampleImages.Draw(each.Index, 0, settings: new() { Size = 64, Difficulty = 0 }))).ToArray();
        for (var one = 0; one < outlines.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                var (shared, either) = (outlines[one].Intersect(outlines[other]).Count(), outlines[one].Union(outlines[other]).Count());
                Assert.IsLessThan(0.92, (double)shared / either, $"{SampleImages.Classes[one]} and {SampleImages.Classes[other]}");
            }
        }

        static HashSet<int> Light(RasterImage image) => [.. image.Pixels.Chunk(3).Index().Where(pixel => pixel.Item.Max() > 127).Select(pixel => pixel.Index)];
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(1)]
    public void A_class_has_images_of_many_forms_places_and_colours(double difficulty)
    {
        var images = Enumerable.Range(0, 100).Select(i => SampleImages.Draw(10, i, settings: new() { Difficulty = difficulty }).Pixels).ToArray();

        // Over the images, every pixel is now light and now dark: nothing lies at one place or has one brightness.
        for (var i = 0; i < images[0].Length; i++)
        {
            var values = images.Select(pixels => (double)pixels[i]).ToArray();
            var mean = values.Average();
            Assert.IsGreaterThan(30, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), $"the deviation of value {i}");
        }
    }

    [TestMethod]
    public void Without_difficulty_each_shape_is_where_its_formula_says()
    {
        var easy = new SampleImageSettings { Size = 64, Difficulty = 0 };
        foreach (var (label, name) in SampleImages.Classes.Index())
        {
            var image = SampleImages.Draw(label, 0, settings: easy);
            Assert.AreEqual(name is not ("ring" or "spiral" or "crescent"), Brightness(image, 32, 32) > 0.5, $"the centre of '{name}'");
            Assert.IsLessThan(0.2, Brightness(image, 0, 0), $"the corner of '{name}'");
        }

        static double Brightness(RasterImage image, int x, int y) => image.Pixels.AsSpan((y * image.Width + x) * 3, 3).ToArray().Max() / 255.0;
    }

    [TestMethod]
    public void Outlines_are_antialiased()
    {
        var circle = SampleImages.Draw(1, 0, settings: new() { Size = 32, Difficulty = 0 });
        var greens = Enumerable.Range(0, 32 * 32).Select(i => (int)circle.Pixels[i * 3 + 1]).Distinct().Count();

        Assert.IsGreaterThan(4, greens);
    }

    [TestMethod]
    public void A_folder_of_parts_and_classes_is_written_that_the_reader_understands()
    {
        using var folder = new TemporaryFolder();
        var reports = new List<PipelineProgress>();

        SampleImages.Write(folder["shapes"], few, new Collect(reports));

        var dataset = ImageDataset.Open(folder["shapes"]);
        CollectionAssert.AreEqual(SampleImages.Classes.ToArray(), dataset.Labels.ToArray());
        Assert.HasCount(24, dataset.ForTraining().Items);
        Assert.HasCount(12, dataset.ForEvaluation().Items);
        Assert.AreEqual(new PipelineProgress("Draw", 36, 36), reports.MaxBy(report => report.Done));
        var image = ImageCodec.Decode(dataset.ForTraining().Items[0].ReadBytes());
        CollectionAssert.AreEqual(SampleImages.Draw(0, 0, settings: few).Pixels, image.Pixels);
    }

    [TestMethod]
    public void Writing_again_keeps_the_same_images_and_refuses_to_mix_in_others()
    {
        using var folder = new TemporaryFolder();
        SampleImages.Write(folder["shapes"], few);

        SampleImages.Write(folder["shapes"], few);
        Assert.ThrowsExactly<IOException>(() => SampleImages.Write(folder["shapes"], few with { Seed = 2 }));
        folder.Write("other/thesis.doc", [1]);
        Assert.ThrowsExactly<IOException>(() => SampleImages.Write(folder["other"], few));
    }

    [TestMethod]
    public void A_cancelled_run_does_not_pass_for_a_complete_one()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsExactly<OperationCanceledException>(
            () => SampleImages.Write(folder["shapes"], few, cancellation: new CancellationToken(canceled: true)));

        Assert.IsFalse(File.Exists(folder["shapes/sample-images.json"]));
    }

    [TestMethod]
    [DataRow(1.1)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void The_difficulty_lies_between_0_and_1(double difficulty) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SampleImages.Draw(0, 0, settings: new() { Difficulty = difficulty }));

    private sealed class Collect(List<PipelineProgress> reports) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            lock (reports) reports.Add(value);
        }
    }
}
