using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Pipelines;

/// <summary>Going on with a head.</summary>
[TestClass]
public sealed class HeadTrainingTests
{
    private const int Side = 12;

    // The learning rate is so small that no weight's bits change: what comes out is what went in.
    [TestMethod]
    [DataRow("linear", false)]
    [DataRow("linear", true)]
    [DataRow("mlp", false)]
    public void Going_on_begins_with_the_head_s_weights_and_balance(string head, bool mirrors)
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var start = Train(data, New() with { Head = head == "mlp" ? HeadTraining.Mlp : HeadTraining.Linear, Mirrors = mirrors });

        var still = Train(data, HeadTraining.StartingFrom(start) with
        {
            Settings = new() { Epochs = 1, Optimizer = new AdamW { LearningRate = 1e-30, WeightDecay = 0 } }, Cache = DecodedCacheSettings.Off, Threads = 1,
        });

        Assert.IsTrue(start.Classifier.Span.SequenceEqual(still.Classifier.Span));
        Assert.AreEqual(start.Hash, still.Manifest.Parent);
        Assert.AreEqual(mirrors ? "mirrored" : "plain", still.Manifest.Training!.Settings["views"]);
    }

    [TestMethod]
    public void Going_on_learns_from_where_the_head_was()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var start = Train(data, New());

        var more = Train(data, HeadTraining.StartingFrom(start) with { Settings = New().Settings, Cache = DecodedCacheSettings.Off, Threads = 1 });

        Assert.IsLessThan(start.History!.Epochs[^1].Training.Loss, more.History!.Epochs[0].Training.Loss);
        Assert.AreEqual(start.Manifest.Training!.Settings["embedding"], more.Manifest.Training!.Settings["embedding"]);
    }

    [TestMethod]
    public void Other_classes_are_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var start = Train(data, New());
        var others = ImageDataset.Of("others", data.Items.Select(item => new ImageItem(item.Id, item.Label == "a" ? "x" : item.Label, null, item.ReadBytes)));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Train(others, HeadTraining.StartingFrom(start) with { Cache = DecodedCacheSettings.Off }));

        StringAssert.Contains(error.Message, "'model' tells a, b, c apart, in this order, and 'others");
        StringAssert.Contains(error.Message, "for other classes train a new head on the bundle");
    }

    [TestMethod]
    public void What_belongs_to_the_head_cannot_be_changed_in_going_on()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var going = HeadTraining.StartingFrom(Train(data, New())) with { Cache = DecodedCacheSettings.Off };

        foreach (var changed in (HeadTraining[])[going with { Backbone = New().Backbone }, going with { Embedding = "relu_1" }, going with { Head = HeadTraining.Mlp }])
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => Train(data, changed));
            Assert.Contains("keeps its Backbone, Embedding and Head; for another backbone or head begin anew", error.Message);
        }
        Assert.Contains("leave out Mirrors", Assert.ThrowsExactly<ArgumentException>(() => Train(data, going with { Mirrors = true })).Message);
    }

    [TestMethod]
    public void A_head_is_put_on_a_model_that_ends_in_a_head()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var below = Train(data, New());

        var upper = Train(data, New() with { Backbone = Backbone.Of(below), Head = HeadTraining.Mlp });

        Assert.AreEqual(below.Hash, upper.Manifest.Parent);
        Assert.IsTrue(HeadTraining.IsIn(upper));
        Assert.HasCount(1, OnnxModelFile.Read(upper.Classifier.Span).Outputs);
    }

    [TestMethod]
    public void A_bundle_without_a_head_is_refused()
    {
        using var folder = new TemporaryFolder();
        var data = ImageDataset.Open(DrawnFolder.Write(folder, "images", 60, Side, Side));
        var network = ImageClassificationPipeline.Train(data, new TrainingSettings { CreatedAt = SampleBundles.Noon });

        Assert.IsFalse(HeadTraining.IsIn(network));
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => HeadTraining.StartingFrom(network)).Message, "does not say what its head is");
    }

    private static HeadTraining New()
    {
        NetworkDefinition eye = new() { Name = "eye", Layers = [new Convolution { Filters = 8 }, new Relu(), new MaxPooling(), new Flatten(), new Dense()] };
        var network = Network.Create(NetworkShape.Of(eye, new ImageShape(Side, Side, 1), 4), seed: 5);
        var preprocessing = new ImagePreprocessing { Width = Side, Height = Side, Colors = ColorOrder.Grey, Layout = TensorLayout.ChannelsFirst, Scale = 1 / 255f };
        return new HeadTraining
        {
            Backbone = new Backbone("eye", NetworkOnnx.Write(network), preprocessing), Settings = HeadTraining.DefaultSettings with { Epochs = 3 }, Cache = DecodedCacheSettings.Off, Threads = 1,
        };
    }

    private static ModelBundle Train(ImageDataset data, HeadTraining training) =>
        ImageClassificationPipeline.Train(data, new TrainingSettings { CreatedAt = SampleBundles.Noon, Training = training });
}
