using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Onnx;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>Networks in the pipeline: preprocessing from the data, history, calibration, warm start, heads on backbones.</summary>
[TestClass]
public sealed class NetworkTrainingTests
{
    private static readonly NetworkTraining Small = new()
    {
        Definition = new NetworkDefinition
        {
            Name = "small",
            Layers = [new Convolution { Filters = 8, Stride = 2 }, new BatchNormalization(), new Relu(), new MaxPooling(), new Dense()],
        },
        Settings = new NetworkTrainingSettings { Epochs = 3, BatchSize = 32, Optimizer = new Adam { LearningRate = 0.01 } },
        Cache = DecodedCacheSettings.Off,
        Threads = 1,
    };

    [TestMethod]
    public void Digits_are_learnt_into_a_bundle_with_measured_preprocessing_history_and_temperature()
    {
        var digits = Digits(600);
        var told = new List<TrainingProgress>();
        NetworkShape? started = null;
        var bundle = ImageClassificationPipeline.Train(digits, Settings(Small) with { Epochs = new Told(told), Starting = shape => started = shape });

        var preprocessing = bundle.Manifest.Preprocessing;
        Assert.AreEqual((28, 28, ColorOrder.Grey, TensorLayout.ChannelsFirst), (preprocessing.Width, preprocessing.Height, preprocessing.Colors, preprocessing.Layout));
        // MNIST's own mean and deviation, which this sample comes near to.
        Assert.AreEqual(0.1307, preprocessing.MeanOf(0), 0.01);
        Assert.AreEqual(0.3081, preprocessing.StandardDeviationOf(0), 0.01);
        Assert.AreEqual("small", bundle.Manifest.Training!.Trainer);
        Assert.AreEqual("3", bundle.Manifest.Training.Settings["epochs"]);
        Assert.HasCount(3, bundle.History!.Epochs);
        var held = digits.Stratified(seed: 1, 0.9, 0.1)[1].Items.Count;
        Assert.AreEqual(held, bundle.History.Epochs[0].Validation!.Confusion.Total);
        Assert.AreEqual(held, bundle.Manifest.Calibration!.Rows);
        Assert.AreEqual(3, told.OfType<TrainingProgress.EpochEnded>().Count());
        Assert.AreEqual(new ImageShape(28, 28, 1), started!.Input);
        Assert.AreEqual(600 - held, bundle.Reference!.Images);
    }

    [TestMethod]
    public void The_bundle_scores_as_the_network_was_validated()
    {
        var digits = Digits(600);
        var bundle = ImageClassificationPipeline.Train(digits, Settings(Small));

        var held = digits.Stratified(seed: 1, 0.9, 0.1)[1];
        var scored = ImageClassificationPipeline.Score(bundle, held);
        var last = bundle.History!.Epochs[^1].Validation!.Confusion;
        var right = Enumerable.Range(0, scored.Count).Count(row => scored.Predicted(row) == scored.Label(row));
        Assert.AreEqual(last.Accuracy, (double)right / scored.Count, 1e-9);
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_model_whatever_the_threads()
    {
        var digits = Digits(200);
        var one = ImageClassificationPipeline.Train(digits, Settings(Small));
        var two = ImageClassificationPipeline.Train(digits, Settings(Small with { Threads = 2 }));
        var other = ImageClassificationPipeline.Train(digits, Settings(Small) with { Seed = 2 });

        Assert.IsTrue(one.Classifier.Span.SequenceEqual(two.Classifier.Span));
        Assert.IsFalse(one.Classifier.Span.SequenceEqual(other.Classifier.Span));
    }

    [TestMethod]
    public void Training_goes_on_from_a_bundle_with_its_network_and_preprocessing()
    {
        var digits = Digits(400);
        var first = ImageClassificationPipeline.Train(digits, Settings(Small));
        var second = ImageClassificationPipeline.Train(digits, Settings((Small with { Definition = ReadyMadeNetworks.Mlp }).StartingFrom(first)));

        Assert.AreEqual("small", second.Manifest.Training!.Trainer);
        Assert.AreEqual(first.Hash, second.Manifest.Parent);
        Assert.AreEqual(first.Manifest.Preprocessing.MeanOf(0), second.Manifest.Preprocessing.MeanOf(0));
        Assert.IsLessThan(first.History!.Epochs[0].Training.Loss, second.History!.Epochs[0].Training.Loss);
    }

    [TestMethod]
    public void Other_labels_than_those_of_the_bundle_are_refused_with_both_lists()
    {
        var first = ImageClassificationPipeline.Train(Digits(200), Settings(Small));
        var swapped = Digits(200, [.. Enumerable.Range(0, 10).Reverse().Select(digit => $"{digit}")]);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageClassificationPipeline.Train(swapped, Settings(Small.StartingFrom(first))));

        StringAssert.Contains(error.Message, "0, 1, 2");
        StringAssert.Contains(error.Message, "9, 8, 7");
    }

    [TestMethod]
    public void A_given_preprocessing_is_taken_as_it_is()
    {
        var given = PreprocessingPresets.Get("mnist-torch");
        var bundle = ImageClassificationPipeline.Train(Digits(200), Settings(Small) with { Preprocessing = given });

        Assert.AreEqual(given.MeanOf(0), bundle.Manifest.Preprocessing.MeanOf(0));
        Assert.AreEqual(given.StandardDeviationOf(0), bundle.Manifest.Preprocessing.StandardDeviationOf(0));
    }

    [TestMethod]
    public void A_cancelled_training_leaves_a_checkpoint_and_going_on_ends_as_if_it_had_not_been_cancelled()
    {
        using var folder = new TemporaryFolder();
        var digits = Digits(300);
        var whole = ImageClassificationPipeline.Train(digits, Settings(Small));
        var checkpoints = new CheckpointSettings { Folder = folder["checkpoints"] };
        using var cancellation = new CancellationTokenSource();
        var settings = Settings(Small with { Settings = Small.Settings with { Checkpoints = checkpoints } });
        var after = new Told([], value =>
        {
            if (value is TrainingProgress.BatchEnded { Epoch: 2, Batch: 3 }) cancellation.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => ImageClassificationPipeline.Train(digits, settings with { Epochs = after }, cancellation: cancellation.Token));
        var resumed = ImageClassificationPipeline.Train(digits, Settings(Small with
        {
            Settings = Small.Settings with { Checkpoints = checkpoints with { Start = CheckpointStart.Resume } },
        }));

        Assert.IsTrue(whole.Classifier.Span.SequenceEqual(resumed.Classifier.Span));
    }

    [TestMethod]
    public void A_head_on_a_network_of_our_own_learns_other_classes_from_few_images()
    {
        var backbone = ImageClassificationPipeline.Train(Digits(600), Settings(Small));
        var odd = ImageDataset.Of("odd or even", Digits(300).Items.Select(item => new ImageItem(item.Id, int.Parse(item.Label!) % 2 == 0 ? "even" : "odd", null, item.ReadBytes)));
        var bundle = ImageClassificationPipeline.Train(odd, Settings(new HeadTraining
        {
            Backbone = Backbone.Of(backbone), Settings = HeadTraining.DefaultSettings with { Epochs = 15 }, Cache = DecodedCacheSettings.Off, Threads = 1,
        }));

        Assert.AreEqual("head", bundle.Manifest.Training!.Trainer);
        Assert.AreEqual(backbone.Hash, bundle.Manifest.Parent);
        CollectionAssert.AreEqual(new[] { "even", "odd" }, bundle.Labels.ToArray());
        Assert.IsGreaterThanOrEqualTo(0.75, bundle.History!.Epochs[^1].Training.Confusion.Accuracy);
    }

    [TestMethod]
    public void A_head_on_SqueezeNet_tells_flowers_apart_as_one_model()
    {
        var flowers = Flowers(perClass: 12);
        var backbone = Backbone.Read(TestData.Require("onnx/squeezenet1.1-imagenet/squeezenet1.1-converted.onnx"), "imagenet-caffe");
        var bundle = ImageClassificationPipeline.Train(flowers, Settings(new HeadTraining { Backbone = backbone, Cache = DecodedCacheSettings.Off, Threads = 1 }) with { ValidationShare = 0.25 });

        Assert.AreEqual("fire9/concat_drop9 (512)", bundle.Manifest.Training!.Settings["embedding"]);
        Assert.AreEqual(227, bundle.Manifest.Preprocessing.Width);
        // 45 photos are learnt from and 15 are held out: which they are decides much; by guessing, a fifth would be right.
        Assert.IsGreaterThanOrEqualTo(0.4, bundle.History!.Epochs[^1].Validation!.Confusion.Accuracy);
        Assert.AreEqual(1, bundle.History.Epochs[^1].Training.Confusion.Accuracy);
        Assert.HasCount(1, OnnxModelFile.Read(bundle.Classifier.Span).Outputs);
    }

    private static TrainingSettings Settings(ClassifierTraining training) => new() { Name = "digits", CreatedAt = SampleBundles.Noon, Training = training };

    /// <summary>The first of MNIST's training digits.</summary>
    private static ImageDataset Digits(int count, IReadOnlyList<string>? labels = null)
    {
        var all = ImageDataset.Open(TestData.Require("mnist")).ForTraining();
        return ImageDataset.Of("digits", all.Items.Take(count).Select(item => new ImageItem(item.Id, item.Label, null, item.ReadBytes)), new ImageDatasetOptions { Labels = labels });
    }

    private static ImageDataset Flowers(int perClass)
    {
        var all = ImageDataset.Open(TestData.Require("photos/flower_photos_small_set"));
        return ImageDataset.Of("flowers", all.Items.GroupBy(item => item.Label).SelectMany(kind => kind.Take(perClass)));
    }

    private sealed class Told(List<TrainingProgress> all, Action<TrainingProgress>? and = null) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            all.Add(value);
            and?.Invoke(value);
        }
    }
}
