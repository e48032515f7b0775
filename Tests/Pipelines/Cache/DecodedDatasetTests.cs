using MLPipelines.Learning;
using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class DecodedDatasetTests
{
    private static readonly ImagePreprocessing grey = new() { Width = 8, Height = 6, Colors = ColorOrder.Grey };

    /// <summary>What a network may ask for, for images of 12 × 10 that are not resized.</summary>
    public static IEnumerable<ImagePreprocessing[]> Unresized =>
    [
        [new() { Width = 12, Height = 10, Resize = ResizeMode.None }],
        [new() { Width = 12, Height = 10, Colors = ColorOrder.Bgr, Mean = [0.4f, 0.5f, 0.6f], StandardDeviation = [0.2f, 0.3f, 0.25f] }],
        [new() { Width = 12, Height = 10, Colors = ColorOrder.Grey, Scale = 1 / 127.5f, Mean = [1], Layout = TensorLayout.ChannelsLast }],
        [new() { Width = 7, Height = 7, ShorterSide = 10, Scale = 1, Mean = [104, 117, 123] }],
        [new() { Width = 12, Height = 16, Resize = ResizeMode.Pad, Background = new RgbColor(10, 20, 30) }],
    ];

    /// <summary>The same where 12 × 10 is resized.</summary>
    public static IEnumerable<ImagePreprocessing[]> Resized =>
    [
        [new() { Width = 8, Height = 8, StandardDeviation = [0.2f, 0.3f, 0.25f] }],
        [new() { Width = 31, Height = 17, Resize = ResizeMode.Stretch, Interpolation = Interpolation.Lanczos3, Mean = [0.5f] }],
        [new() { Width = 9, Height = 9, Resize = ResizeMode.Pad, Interpolation = Interpolation.Bicubic, Colors = ColorOrder.Grey }],
    ];

    [TestMethod, DynamicData(nameof(Unresized))]
    public void What_is_not_resized_equals_the_tensors_of_scoring_to_the_last_bit(ImagePreprocessing preprocessing)
    {
        foreach (var (trained, scored) in TrainedAndScored(preprocessing)) CollectionAssert.AreEqual(scored, trained);
    }

    // A byte is at most half a step of 255 away from the resized value; the rest is rounding in single precision.
    [TestMethod, DynamicData(nameof(Resized))]
    public void What_is_resized_differs_from_the_tensors_of_scoring_by_half_a_step_at_most(ImagePreprocessing preprocessing)
    {
        var bound = 0.5f * preprocessing.Scale / preprocessing.StandardDeviation.Min() + 1e-5f;
        var largest = 0f;
        foreach (var (trained, scored) in TrainedAndScored(preprocessing))
        {
            for (var i = 0; i < scored.Length; i++) largest = Math.Max(largest, Math.Abs(trained[i] - scored[i]));
        }

        Assert.IsTrue(largest <= bound, $"{largest} > {bound}");
        Assert.IsTrue(largest > bound / 2, "the bound is not idle");
    }

    [TestMethod]
    public void The_second_opening_finds_what_the_first_decoded()
    {
        using var folder = new TemporaryFolder();
        var (data, settings) = (DrawnFolder.Write(folder, "data", 20, 8, 6), new DecodedCacheSettings { Folder = folder["cache"] });
        using var first = DecodedDataset.Open(ImageDataset.Open(data), grey, settings);
        using var second = DecodedDataset.Open(ImageDataset.Open(data), grey, settings);

        Assert.IsTrue(first.WasDecoded && !second.WasDecoded);
        Assert.AreEqual(first.CacheFile, second.CacheFile);
        Assert.AreEqual(0, first.Notes.Count + second.Notes.Count);
        CollectionAssert.AreEqual(DrawnFolder.ValuesOf(first), DrawnFolder.ValuesOf(second));
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, Enumerable.Range(0, 20).Select(second.LabelOf).Distinct().ToArray());
        CollectionAssert.AreEqual(second.Dataset.Items.ToArray(), second.Items.ToArray());
    }

    [TestMethod]
    public void What_comes_after_the_bytes_does_not_matter_to_the_cache_and_what_comes_before_does()
    {
        using var folder = new TemporaryFolder();
        var (data, settings) = (DrawnFolder.Write(folder, "data", 3, 8, 6), new DecodedCacheSettings { Folder = folder["cache"] });
        DecodedDataset.Open(ImageDataset.Open(data), grey, settings).Dispose();

        Assert.IsFalse(IsDecodedAnew(grey with { Mean = [0.3f], StandardDeviation = [2], Scale = 1, Layout = TensorLayout.ChannelsLast }));
        Assert.IsTrue(IsDecodedAnew(grey with { Width = 9 }));
        Assert.IsTrue(IsDecodedAnew(grey with { Colors = ColorOrder.Rgb }));
        Assert.IsTrue(IsDecodedAnew(grey with { Resize = ResizeMode.Pad }));
        Assert.IsTrue(IsDecodedAnew(grey with { Resize = ResizeMode.Pad, Background = new RgbColor(1, 2, 3) }));

        bool IsDecodedAnew(ImagePreprocessing preprocessing)
        {
            using var decoded = DecodedDataset.Open(ImageDataset.Open(data), preprocessing, settings);
            return decoded.WasDecoded;
        }
    }

    [TestMethod]
    public void Idx_files_and_a_cache_that_is_off_lie_in_memory_and_no_file_is_written()
    {
        using var folder = new TemporaryFolder();
        folder.Write("idx/train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        folder.Write("idx/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 7, 5]);
        var size = new ImagePreprocessing { Width = 2, Height = 1, Colors = ColorOrder.Grey };
        using var idx = DecodedDataset.Open(ImageDataset.Open(folder["idx"]), size, new DecodedCacheSettings { Folder = folder["cache"] });
        using var off = DecodedDataset.Open(ImageDataset.Open(DrawnFolder.Write(folder, "data", 3, 2, 1)), size, DecodedCacheSettings.Off);

        Assert.IsNull(idx.CacheFile);
        Assert.IsNull(off.CacheFile);
        Assert.IsFalse(Directory.Exists(folder["cache"]));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, DrawnFolder.ValuesOf(idx));
        CollectionAssert.AreEqual(new[] { "5", "7" }, idx.Labels.ToArray());
        Assert.AreEqual((1, 0), (idx.LabelOf(0), idx.LabelOf(1)));
    }

    [TestMethod]
    [DataRow(false), DataRow(true)]
    public void Tolerable_damage_is_noted_alike_when_decoded_and_when_found_and_another_policy_leaves_it_out(bool isOff)
    {
        using var folder = new TemporaryFolder();
        var jpeg = ImageCodec.Encode(new RasterImage(8, 6, 1, new byte[48]), ImageFileFormat.Jpeg);
        foreach (var name in new[] { "a/1.jpg", "b/1.jpg" }) folder.Write($"data/{name}", jpeg);
        folder.Write("data/b/2.jpg", [.. jpeg, .. new byte[100]]);
        var settings = isOff ? DecodedCacheSettings.Off : new DecodedCacheSettings { Folder = folder["cache"] };

        for (var run = 0; run < 2; run++)
        {
            var dataset = ImageDataset.Open(folder["data"]);
            using var decoded = DecodedDataset.Open(dataset, grey, settings);
            Assert.AreEqual(3, decoded.Count);
            Assert.AreEqual(isOff || run == 0, decoded.WasDecoded);
            Assert.AreEqual(new NotedItem("b/2.jpg", new ImageNote("100 zero bytes behind its end", IsDamage: true)), dataset.Summary().Noted.Single());
        }

        var refusing = ImageDataset.Open(folder["data"], new() { OnDamage = DamagePolicy.Refuse, OnBadItem = BadItemPolicy.Skip });
        using var without = DecodedDataset.Open(refusing, grey, settings);
        Assert.AreEqual(2, without.Count);
        Assert.AreEqual("b/2.jpg", refusing.Summary().Skipped.Single().Id);
        Assert.IsEmpty(refusing.Summary().Noted);
    }

    [TestMethod]
    [DataRow(false), DataRow(true)]
    public void A_bad_image_is_skipped_alike_when_decoded_and_when_found(bool isOff)
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 6, 8, 6);
        folder.Write("data/a/0003.pgm", "P5\n8 6\n255\ntoo short"u8);
        folder.Write("data/b/0004.pgm", []);
        var settings = new DecodedCacheSettings { Folder = folder["cache"], IsOff = isOff };
        for (var run = 0; run < 2; run++)
        {
            var dataset = ImageDataset.Open(data, new ImageDatasetOptions { OnBadItem = BadItemPolicy.Skip });
            using var decoded = DecodedDataset.Open(dataset, grey, settings);

            Assert.AreEqual(run == 0 || isOff, decoded.WasDecoded);
            CollectionAssert.AreEqual(
                new[] { "a/0000.pgm", "b/0001.pgm", "c/0002.pgm", "c/0005.pgm" }, decoded.Items.Select(item => item.Id).ToArray());
            CollectionAssert.AreEqual(new[] { "a/0003.pgm", "b/0004.pgm" }, dataset.Summary().Skipped.Select(item => item.Id).ToArray());
            StringAssert.Contains(dataset.Summary().Skipped[0].Reason, "which takes 48 bytes; 9 follow the header");
            Assert.AreEqual(0, decoded.LabelOf(0));
            Assert.AreEqual(2, decoded.LabelOf(decoded.Count - 1));
        }
    }

    [TestMethod]
    public void A_bad_image_stops_everything_when_the_policy_is_to_fail_also_where_the_cache_knows_it()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 6, 8, 6);
        folder.Write("data/a/0003.pgm", "P5\n8 6\n255\ntoo short"u8);
        var settings = new DecodedCacheSettings { Folder = folder["cache"] };

        Fails();
        Assert.AreEqual(0, Directory.GetFiles(folder["cache"], "*.images").Length + Directory.GetFiles(folder["cache"], "*.partial").Length);
        DecodedDataset.Open(ImageDataset.Open(data, new ImageDatasetOptions { OnBadItem = BadItemPolicy.Skip }), grey, settings).Dispose();
        Fails();

        void Fails() => StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => DecodedDataset.Open(ImageDataset.Open(data), grey, settings)).Message,
            "Item 'a/0003.pgm':");
    }

    [TestMethod]
    public void Only_bad_images_are_no_data_set()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/a/1.png", "no image"u8);
        folder.Write("data/b/2.png", "no image"u8);
        for (var run = 0; run < 2; run++)
        {
            var dataset = ImageDataset.Open(folder["data"], new ImageDatasetOptions { OnBadItem = BadItemPolicy.Skip });
            var error = Assert.ThrowsExactly<InvalidDataException>(() =>
                DecodedDataset.Open(dataset, grey, new DecodedCacheSettings { Folder = folder["cache"] }));
            StringAssert.Contains(error.Message, "2 were left out, the first is 'a/1.png'");
        }
    }

    [TestMethod]
    public void Training_and_validation_share_one_decoded_file()
    {
        using var folder = new TemporaryFolder();
        var dataset = ImageDataset.Open(DrawnFolder.Write(folder, "data", 30, 8, 6));
        using var decoded = DecodedDataset.Open(dataset, grey, new DecodedCacheSettings { Folder = folder["cache"] });
        var parts = dataset.Stratified(3, 0.8, 0.2);
        var (training, validation) = (decoded.Split(3, 0.8, 0.2)[0], decoded.Subset(parts[1]));
        var expected = new float[grey.Length];

        Assert.AreEqual((24, 6), (training.Count, validation.Count));
        for (var i = 0; i < validation.Count; i++)
        {
            Assert.AreEqual(dataset.LabelNumber(parts[1].Items[i]), validation.LabelOf(i));
            Assert.AreEqual(validation.LabelOf(i), decoded.Split(3, 0.8, 0.2)[1].LabelOf(i));
            decoded.CopyTo(decoded.Items.ToList().FindIndex(item => item.Id == parts[1].Items[i].Id), expected);
            CollectionAssert.AreEqual(expected, DrawnFolder.ValuesOf(new SampleSubset(validation, [i])));
        }
    }

    [TestMethod]
    public void A_part_of_another_data_set_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var decoded = DecodedDataset.Open(ImageDataset.Open(DrawnFolder.Write(folder, "data", 3, 8, 6)), grey, DecodedCacheSettings.Off);
        var more = ImageDataset.Open(DrawnFolder.Write(folder, "more", 4, 8, 6));
        folder.Write("others/x/1.pgm", DrawnFolder.Image(1, 2, 2));
        var others = ImageDataset.Open(folder["others"]);

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => decoded.Subset(more)).Message, "has the item 'a/0003.pgm'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => decoded.Subset(others)).Message, "has other labels");
    }

    [TestMethod]
    public void Images_without_a_label_are_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("flat/1.pgm", DrawnFolder.Image(1, 8, 6));
        var dataset = ImageDataset.Open(folder["flat"], new ImageDatasetOptions { RequireLabels = false });

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => DecodedDataset.Open(dataset, grey, DecodedCacheSettings.Off)).Message, "'1.pgm'");
    }

    [TestMethod]
    public void A_closed_cache_says_so_instead_of_reading_what_is_gone()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "data", 3, 8, 6));
        var decoded = DecodedDataset.Open(data, grey, new DecodedCacheSettings { Folder = folder["cache"] });
        decoded.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => decoded.CopyTo(0, new float[48]));
    }

    [TestMethod]
    public void Reading_a_sample_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "data", 6, 8, 6));
        using var decoded = DecodedDataset.Open(data, grey, new DecodedCacheSettings { Folder = folder["cache"] });
        var values = new float[48];
        decoded.CopyTo(0, values);
        var sample = 0;

        Assert.AreEqual(0, Allocation.Of(() => decoded.CopyTo(++sample, values))); // each for the first time
    }

    [TestMethod]
    public void A_sample_that_is_not_there_is_refused()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "data", 3, 8, 6));
        using var decoded = DecodedDataset.Open(data, grey, new DecodedCacheSettings { Folder = folder["cache"] });

        Assert.ThrowsExactly<ArgumentException>(() => decoded.CopyTo(3, new float[48]));
        Assert.ThrowsExactly<ArgumentException>(() => decoded.CopyTo(0, new float[47]));
    }

    [TestMethod]
    public void Real_photos_decode_as_for_scoring()
    {
        var dataset = ImageDataset.Open(TestData.Require("photos/flower_photos_small_set"));
        var preprocessing = new ImagePreprocessing
        {
            Width = 64, Height = 64, Layout = TensorLayout.ChannelsLast, Mean = [0.485f, 0.456f, 0.406f], StandardDeviation = [0.229f, 0.224f, 0.225f],
        };
        using var folder = new TemporaryFolder();
        var some = dataset.Stratified(1, 0.1, 0.9)[0];
        using var decoded = DecodedDataset.Open(some, preprocessing, new DecodedCacheSettings { Folder = folder["cache"] });
        var loader = new ImageTensorLoader(preprocessing);
        float[] trained = new float[preprocessing.Length], scored = new float[preprocessing.Length];
        for (var i = 0; i < decoded.Count; i++)
        {
            decoded.CopyTo(i, trained);
            decoded.Normalization.Apply(trained, 3);
            loader.Load(decoded.Items[i].ReadBytes(), scored);
            for (var v = 0; v < scored.Length; v++) Assert.AreEqual(scored[v], trained[v], 0.5 / 255 / 0.224 + 1e-5);
        }
    }

    /// <summary>Colour, grey, and with opacity: each image as training sees it and as scoring does, channels last.</summary>
    private static IEnumerable<(float[] Trained, float[] Scored)> TrainedAndScored(ImagePreprocessing preprocessing)
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/a/colour.ppm", DrawnFolder.Image(1, 12, 10, 3));
        folder.Write("data/a/grey.pgm", DrawnFolder.Image(2, 12, 10));
        folder.Write("data/b/opacity.png", ImageCodec.Encode(
            new RasterImage(12, 10, 4, DrawnFolder.Image(3, 20, 24)[^480..]), ImageFileFormat.Png));
        var settings = new DecodedCacheSettings { Folder = folder["cache"] };
        using var decoded = DecodedDataset.Open(ImageDataset.Open(folder["data"]), preprocessing, settings);
        var loader = new ImageTensorLoader(preprocessing with { Layout = TensorLayout.ChannelsLast });
        for (var i = 0; i < decoded.Count; i++)
        {
            float[] trained = new float[preprocessing.Length], scored = new float[preprocessing.Length];
            decoded.CopyTo(i, trained);
            decoded.Normalization.Apply(trained, decoded.Shape.Channels);
            loader.Load(decoded.Items[i].ReadBytes(), scored);
            yield return (trained, scored);
        }
    }
}
