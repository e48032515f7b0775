using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Pipelines;

/// <summary>What a backbone sees is computed once, and computed again where anything is another.</summary>
[TestClass]
public sealed class EmbeddingCacheTests
{
    private const int Side = 12;

    [TestMethod]
    public void The_second_training_computes_no_embedding_reads_no_image_and_gives_the_same_bundle()
    {
        using var folder = new TemporaryFolder();
        var data = Images(folder);
        var reads = 0;
        var cache = new DecodedCacheSettings { Folder = folder["cache"] };

        var first = Train(Counted(), Head(cache), out var embedded);
        Assert.AreEqual((60, 60), (embedded, FileCount(folder, ".embeddings") * 60));
        var second = Train(Counted(), Head(cache), out embedded);
        var without = Train(Counted(), Head(DecodedCacheSettings.Off), out var embeddedWithout);

        Assert.AreEqual((0, 60), (embedded, embeddedWithout));
        Assert.AreEqual(Learnt(first), Learnt(second));
        Assert.AreEqual(Learnt(first), Learnt(without));
        Assert.AreEqual(1, FileCount(folder, ".embeddings"));

        // Hashed once and embedded once by the first; those held out are scored by each for the temperature, and each names its data by content.
        reads = 0;
        Train(Counted(), Head(cache), out _);
        var readWithCache = reads;
        reads = 0;
        Train(Counted(), Head(DecodedCacheSettings.Off), out _);
        Assert.AreEqual(60, reads - readWithCache);

        ImageDataset Counted() => DrawnFolder.Counted(data, () => Interlocked.Increment(ref reads));
    }

    [TestMethod]
    public void Another_split_or_seed_or_other_labels_find_the_same_embeddings()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(Images(folder));
        var cache = new DecodedCacheSettings { Folder = folder["cache"] };
        Train(data, Head(cache), out _);

        Train(data, Head(cache) with { Head = HeadTraining.Mlp }, out var embedded, seed: 7);
        Assert.AreEqual(0, embedded);
        var renamed = ImageDataset.Of("renamed", data.Items.Select(item => new ImageItem(item.Id, item.Label == "a" ? "first" : "other", null, item.ReadBytes) { File = item.File }));
        Train(renamed, Head(cache), out embedded);
        Assert.AreEqual(0, embedded);
    }

    [TestMethod]
    public void A_changed_image_a_changed_backbone_another_inner_value_and_another_preprocessing_are_embedded_anew()
    {
        using var folder = new TemporaryFolder();
        var data = Images(folder);
        var cache = new DecodedCacheSettings { Folder = folder["cache"] };
        Train(ImageDataset.Open(data), Head(cache), out _);

        var weight = Head(cache, changed: network => network.Weights[3] += 0.5f);
        MustEmbed(weight);
        MustEmbed(Head(cache) with { Embedding = "relu_1" });
        MustEmbed(Head(cache) with { Mirrors = true });
        var brighter = Head(cache);
        MustEmbed(brighter with { Backbone = brighter.Backbone with { Preprocessing = brighter.Backbone.Preprocessing with { Mean = [10] } } });
        File.SetLastWriteTimeUtc(folder.Write("images/b/0001.pgm", DrawnFolder.Image(777, Side, Side)), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        MustEmbed(Head(cache));

        void MustEmbed(HeadTraining training)
        {
            var cached = Train(ImageDataset.Open(data), training, out var embedded);
            Assert.AreEqual(60, embedded);
            Assert.AreEqual(Learnt(Train(ImageDataset.Open(data), training with { Cache = DecodedCacheSettings.Off }, out _)), Learnt(cached));
            Train(ImageDataset.Open(data), training, out embedded);
            Assert.AreEqual(0, embedded);
        }
    }

    [TestMethod]
    [DataRow(30, DisplayName = "in the header")]
    [DataRow(4096 + 100, DisplayName = "in an embedding")]
    [DataRow(-5, DisplayName = "cut short")]
    public void A_damaged_file_is_computed_anew_with_a_note(int at)
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(Images(folder));
        var cache = new DecodedCacheSettings { Folder = folder["cache"] };
        var whole = Train(data, Head(cache), out _);
        var file = Directory.GetFiles(folder["cache"], "*.embeddings").Single();
        var bytes = File.ReadAllBytes(file);
        if (at < 0) bytes = bytes[..^-at];
        else bytes[at] ^= 255;
        File.WriteAllBytes(file, bytes);
        var notes = new List<string>();

        var again = Train(data, Head(cache), out var embedded, notes: notes);

        Assert.AreEqual(60, embedded);
        Assert.AreEqual(Learnt(whole), Learnt(again));
        StringAssert.Contains(notes.Single(), "was made anew: ");
        Train(data, Head(cache), out embedded, notes: notes);
        Assert.AreEqual((0, 1), (embedded, notes.Count));
    }

    [TestMethod]
    public void Embeddings_and_images_share_one_limit()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(Images(folder));
        var clock = new StandingClock(DateTimeOffset.UtcNow);
        var cache = new DecodedCacheSettings { Folder = folder["cache"], Clock = clock };
        Train(data, Head(cache), out _);
        var size = new FileInfo(Directory.GetFiles(folder["cache"], "*.embeddings").Single()).Length;
        clock.Now += TimeSpan.FromMinutes(1);

        // Room for the images, 60 × 144 bytes, and the index, but not for the embeddings beside them.
        DecodedDataset.Open(data, Head(cache).Backbone.Preprocessing, cache with { LimitBytes = size + 10_000 }).Dispose();

        Assert.AreEqual((0, 1), (FileCount(folder, ".embeddings"), FileCount(folder, ".images")));
    }

    [TestMethod]
    public void A_bad_image_is_left_out_again_when_the_embeddings_are_found()
    {
        using var folder = new TemporaryFolder();
        var data = Images(folder);
        folder.Write("images/c/broken.pgm", "P5 no image"u8);
        var cache = new DecodedCacheSettings { Folder = folder["cache"] };
        var options = new ImageDatasetOptions { OnBadItem = BadItemPolicy.Skip };
        var (first, second) = (ImageDataset.Open(data, options), ImageDataset.Open(data, options));

        var computed = Train(first, Head(cache), out _);
        var found = Train(second, Head(cache), out var embedded);

        Assert.AreEqual(0, embedded);
        Assert.AreEqual(Learnt(computed), Learnt(found));
        Assert.AreEqual("c/broken.pgm", second.Summary().Skipped.Single().Id);
        Assert.AreEqual(first.Summary().Skipped.Single().Reason, second.Summary().Skipped.Single().Reason);
    }

    private static string Images(TemporaryFolder folder)
    {
        var data = DrawnFolder.Write(folder, "images", 60, Side, Side);
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return data;
    }

    private static HeadTraining Head(DecodedCacheSettings cache, Action<Network>? changed = null)
    {
        var network = Network.Create(NetworkShape.Of(Eye, new ImageShape(Side, Side, 1), 4), seed: 5);
        changed?.Invoke(network);
        var preprocessing = new ImagePreprocessing { Width = Side, Height = Side, Colors = ColorOrder.Grey, Layout = TensorLayout.ChannelsFirst, Scale = 1 / 255f };
        return new HeadTraining
        {
            Backbone = new Backbone("eye", NetworkOnnx.Write(network), preprocessing), Settings = HeadTraining.DefaultSettings with { Epochs = 2 }, Cache = cache, Threads = 1,
        };
    }

    private static NetworkDefinition Eye => new()
    {
        Name = "eye", Layers = [new Convolution { Filters = 8 }, new Relu(), new MaxPooling(), new Convolution { Filters = 16 }, new Relu(), new GlobalAveragePooling(), new Dense()],
    };

    private static ModelBundle Train(ImageDataset data, HeadTraining training, out int embedded, int seed = 1, List<string>? notes = null)
    {
        var count = 0L;
        var bundle = ImageClassificationPipeline.Train(
            data, new TrainingSettings { CreatedAt = SampleBundles.Noon, Training = training, Seed = seed, Noting = notes is null ? null : notes.Add }, new StageReports(stage =>
            {
                if (stage.Stage == "Embed") count = stage.Done;
            }));
        embedded = (int)count;
        return bundle;
    }

    /// <summary>Everything but the history, which tells how long it took.</summary>
    private static string Learnt(ModelBundle bundle) =>
        string.Join(' ', bundle.Manifest.Parts.Where(part => part.Name != ModelBundle.HistoryPart).Select(part => part.Sha256).Append($"{bundle.Temperature:R}"));

    private static int FileCount(TemporaryFolder folder, string kind) => Directory.GetFiles(folder["cache"], "*" + kind).Length;
}
