using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>What may happen to a cache on a disk: changed images, damage, no room.</summary>
[TestClass]
public sealed class DecodedCacheTests
{
    private static readonly ImagePreprocessing tiny = Square(2);

    // More images than are decoded at a time, so that decoding can be stopped in the middle.
    private const int Many = 1100;

    [TestMethod]
    public void Cancelling_leaves_no_file_behind()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", Many, 2, 2);
        using var cancellation = new CancellationTokenSource();
        var progress = new StageReports(stage =>
        {
            if (stage.Stage == "Decode") cancellation.Cancel();
        });

        Assert.ThrowsExactly<OperationCanceledException>(() => DecodedDataset.Open(
            ImageDataset.Open(data), tiny, new DecodedCacheSettings { Folder = folder["cache"] }, progress, cancellation.Token));

        Assert.AreEqual(".index", Path.GetExtension(Directory.GetFiles(folder["cache"]).Single()));
    }

    [TestMethod]
    public void A_changed_image_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        Open(data, folder).Dispose();
        var image = folder.Write("data/b/0001.pgm", DrawnFolder.Image(77, 2, 2));
        File.SetLastWriteTimeUtc(image, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        using var decoded = Open(data, folder);

        Assert.IsTrue(decoded.WasDecoded);
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(decoded));
    }

    [TestMethod]
    public void Added_removed_and_renamed_images_are_noticed()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        Open(data, folder).Dispose();

        folder.Write("data/b/more.pgm", DrawnFolder.Image(8, 2, 2));
        Changed();
        File.Delete(folder["data/a/0000.pgm"]);
        Changed();
        File.Move(folder["data/b/more.pgm"], folder["data/c/more.pgm"]);
        Changed();

        void Changed()
        {
            using var decoded = Open(data, folder);
            Assert.IsTrue(decoded.WasDecoded);
            CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(decoded));
        }
    }

    // The clock of the files may be coarse: an image that changed twice within two seconds has one time for both.
    [TestMethod]
    public void An_image_changed_within_the_same_tick_of_the_clock_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        var now = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, now);
        var settings = new DecodedCacheSettings { Folder = folder["cache"], Clock = new StandingClock(now.AddSeconds(1)) };
        DecodedDataset.Open(ImageDataset.Open(data), tiny, settings).Dispose();
        File.SetLastWriteTimeUtc(folder.Write("data/b/0001.pgm", DrawnFolder.Image(77, 2, 2)), now);

        using var decoded = DecodedDataset.Open(ImageDataset.Open(data), tiny, settings);

        Assert.IsTrue(decoded.WasDecoded);
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(decoded));
    }

    // What the settings' documentation says: the price of not reading every file, and how not to pay it.
    [TestMethod]
    public void An_image_replaced_under_its_old_time_is_noticed_when_times_are_not_trusted()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, old);
        var settings = new DecodedCacheSettings { Folder = folder["cache"] };
        DecodedDataset.Open(ImageDataset.Open(data), tiny, settings).Dispose();
        File.SetLastWriteTimeUtc(folder.Write("data/b/0001.pgm", DrawnFolder.Image(77, 2, 2)), old);
        using var trusting = DecodedDataset.Open(ImageDataset.Open(data), tiny, settings);
        using var reading = DecodedDataset.Open(ImageDataset.Open(data), tiny, settings with { TrustFileTimes = false });

        Assert.IsFalse(trusting.WasDecoded);
        Assert.IsTrue(reading.WasDecoded);
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(reading));
    }

    [TestMethod]
    public void An_unchanged_file_is_not_read_again()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 3, 2, 2);
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var reads = 0;
        DecodedDataset.Open(Counted(), tiny, new DecodedCacheSettings { Folder = folder["cache"] }).Dispose();
        Assert.AreEqual(6, reads, "hashed and decoded");

        DecodedDataset.Open(Counted(), tiny, new DecodedCacheSettings { Folder = folder["cache"] }).Dispose();

        Assert.AreEqual(6, reads);

        ImageDataset Counted() => DrawnFolder.Counted(data, () => Interlocked.Increment(ref reads));
    }

    [TestMethod]
    public void An_image_that_changes_while_it_is_read_stops_everything_whatever_the_policy()
    {
        using var folder = new TemporaryFolder();
        var reads = 0;
        var dataset = ImageDataset.Of(
            "moving",
            [new ImageItem("x", "a", null, () => DrawnFolder.Image(Interlocked.Increment(ref reads), 2, 2))],
            new ImageDatasetOptions { OnBadItem = BadItemPolicy.Skip });

        var error = Assert.Throws<IOException>(() => DecodedDataset.Open(dataset, tiny, new DecodedCacheSettings { Folder = folder["cache"] }));

        StringAssert.Contains(error.Message, "Image 'x' was changed while the data set was read; run again");
        Assert.AreEqual(0, Directory.GetFiles(folder["cache"]).Length);
    }

    /// <summary>A byte of the header, of its version, of the images, of the tables; and a length that is not right.</summary>
    [TestMethod]
    [DataRow(0, "it does not begin as a file of decoded images")]
    [DataRow(8, "it has version 253, and this program reads version 2")]
    [DataRow(24, "its header is damaged")]
    [DataRow(4096 + 11, "1 of its 1 blocks are damaged")]
    [DataRow(4096 + 20 + 3, "its tables are damaged")]
    [DataRow(-1, "instead of")]
    [DataRow(-4000, "it is cut short")]
    public void A_damaged_cache_is_noticed_and_made_anew(int at, string problem)
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        string file;
        using (var first = Open(data, folder)) file = first.CacheFile!;
        var bytes = File.ReadAllBytes(file);
        if (at < 0) bytes = bytes[..^-at];
        else bytes[at] ^= 255;
        File.WriteAllBytes(file, bytes);

        using var second = Open(data, folder);
        using var third = Open(data, folder);

        Assert.IsTrue(second.WasDecoded && !third.WasDecoded);
        StringAssert.Contains(second.Notes.Single(), "was made anew: ");
        StringAssert.Contains(second.Notes.Single(), problem);
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(third));
    }

    [TestMethod]
    public void A_damaged_index_is_as_good_as_none()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        Open(data, folder).Dispose();
        var index = Directory.GetFiles(folder["cache"], "*.index").Single();
        var bytes = File.ReadAllBytes(index);
        bytes[40] ^= 1;
        File.WriteAllBytes(index, bytes);

        using var decoded = Open(data, folder);

        Assert.IsFalse(decoded.WasDecoded);
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(decoded));
    }

    [TestMethod]
    public void Of_what_is_too_much_the_files_used_longest_ago_go_first()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 100, 2, 2);
        var clock = new StandingClock(DateTimeOffset.UtcNow);
        // 100 images of 10 × 10 grey are 14,096 bytes and some; three such files are too much.
        var settings = new DecodedCacheSettings { Folder = folder["cache"], LimitBytes = 45_000, Clock = clock };
        Assert.IsTrue(IsDecoded(10));
        Assert.IsTrue(IsDecoded(11));
        Assert.IsFalse(IsDecoded(10), "used again, so that the other is the older");

        Assert.IsTrue(IsDecoded(12));

        Assert.IsFalse(IsDecoded(10));
        Assert.IsTrue(IsDecoded(11));

        bool IsDecoded(int side)
        {
            clock.Now += TimeSpan.FromMinutes(1);
            using var decoded = DecodedDataset.Open(ImageDataset.Open(data), Square(side), settings);
            Assert.IsNotNull(decoded.CacheFile);
            return decoded.WasDecoded;
        }
    }

    [TestMethod]
    public void What_is_in_use_is_not_removed_and_what_has_no_room_goes_into_memory_with_a_note()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 100, 2, 2);
        var settings = new DecodedCacheSettings { Folder = folder["cache"], LimitBytes = 25_000 };
        var used = DecodedDataset.Open(ImageDataset.Open(data), Square(10), settings);
        using var second = DecodedDataset.Open(ImageDataset.Open(data), Square(11), settings);

        Assert.IsTrue(File.Exists(used.CacheFile));
        Assert.IsNull(second.CacheFile);
        StringAssert.Contains(second.Notes.Single(), "and the limit is 25,000");
        StringAssert.Contains(second.Notes.Single(), "The images (12,100 bytes) are decoded into memory instead.");
        used.Dispose();
        using var third = DecodedDataset.Open(ImageDataset.Open(data), Square(11), settings);
        Assert.IsNotNull(third.CacheFile);
        Assert.IsFalse(File.Exists(used.CacheFile));
        CollectionAssert.AreEqual(DrawnFolder.ValuesOf(second), DrawnFolder.ValuesOf(third));
    }

    [TestMethod]
    public void More_than_the_whole_limit_removes_nothing()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 100, 2, 2);
        using (Open(data, folder)) { }
        var before = Directory.GetFiles(folder["cache"]).Length;

        using var large = DecodedDataset.Open(
            ImageDataset.Open(data), Square(60), new DecodedCacheSettings { Folder = folder["cache"], LimitBytes = 100_000 });

        Assert.IsNull(large.CacheFile);
        Assert.AreEqual(before, Directory.GetFiles(folder["cache"]).Length);
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_a_note_and_the_images_lie_in_memory()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 5, 2, 2);
        folder.Write("cache", "a file"u8);

        using var decoded = Open(data, folder);

        Assert.IsNull(decoded.CacheFile);
        StringAssert.Contains(decoded.Notes.Single(), "cannot be used: ");
        CollectionAssert.AreEqual(Direct(data), DrawnFolder.ValuesOf(decoded));
    }

    [TestMethod]
    public void Nothing_else_in_the_folder_is_touched()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", 100, 2, 2);
        string[] foreign = ["cache/holiday.images", "cache/x.partial", $"cache/{new string('a', 64)}.images.bak", "cache/notes.index"];
        foreach (var name in foreign) folder.Write(name, new byte[50_000]);

        using var decoded = DecodedDataset.Open(
            ImageDataset.Open(data), tiny, new DecodedCacheSettings { Folder = folder["cache"], LimitBytes = 20_000 });

        Assert.IsNotNull(decoded.CacheFile);
        foreach (var name in foreign) Assert.IsTrue(File.Exists(folder[name]), name);
    }

    [TestMethod]
    public void A_limit_below_1_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => new DecodedCacheSettings { LimitBytes = 0 }.Validate()).Message, "LimitBytes is 0");

    private static ImagePreprocessing Square(int side) => new() { Width = side, Height = side, Colors = ColorOrder.Grey };

    private static DecodedDataset Open(string data, TemporaryFolder folder) =>
        DecodedDataset.Open(ImageDataset.Open(data), tiny, new DecodedCacheSettings { Folder = folder["cache"] });

    /// <summary>The values without any cache.</summary>
    private static float[] Direct(string data)
    {
        using var decoded = DecodedDataset.Open(ImageDataset.Open(data), tiny, DecodedCacheSettings.Off);
        return DrawnFolder.ValuesOf(decoded);
    }
}
