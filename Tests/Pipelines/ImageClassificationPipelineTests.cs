using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Evaluation;
using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Pipelines;

[TestClass]
public sealed class ImageClassificationPipelineTests
{
    private static readonly SampleImageSettings shapes = new() { Size = 16, Difficulty = 0.05 };
    private static readonly TrainingSettings settings = new() { Name = "shapes", CreatedAt = SampleBundles.Noon, Training = new MaximumEntropyTraining { MaximumIterations = 30 } };
    private static readonly Lazy<ModelBundle> trained = new(() => ImageClassificationPipeline.Train(Shapes(DatasetParts.Train, 30), settings));

    [TestMethod]
    public void A_trained_bundle_knows_new_images_of_its_classes()
    {
        var rows = ImageClassificationPipeline.Score(trained.Value, Shapes(DatasetParts.Test, 20));

        Assert.IsGreaterThan(0.85, ClassificationEvaluation.Of(rows)[LabelMetrics.Accuracy]);
        Assert.AreEqual(new ImagePreprocessing { Width = 16, Height = 16, Resize = ResizeMode.Stretch }, trained.Value.Manifest.Preprocessing);
        CollectionAssert.AreEqual(SampleImages.Classes.ToArray(), trained.Value.Labels.ToArray());
    }

    [TestMethod]
    public void The_temperature_is_fitted_on_images_held_out_from_training()
    {
        var (calibration, training) = (trained.Value.Manifest.Calibration!, trained.Value.Manifest.Training!);

        Assert.AreEqual(12 * 27, training.Rows);
        Assert.AreEqual(12 * 3, calibration.Rows);
        Assert.IsLessThanOrEqualTo(calibration.NllBefore, calibration.NllAfter);
        Assert.AreNotEqual(training.DataHash, calibration.DataHash);
        Assert.AreEqual("30", training.Settings["maximumIterations"]);
    }

    [TestMethod]
    public void Reference_statistics_are_in_units_of_bytes_and_count_every_image()
    {
        var reference = trained.Value.Reference!;
        var pixels = Shapes(DatasetParts.Train, 30).Stratified(settings.Seed, 0.9, 0.1)[0].Items.SelectMany(
            item => ImageCodec.Decode(item.ReadBytes()).Pixels.Chunk(3).Select(rgb => (double)rgb[0])).ToArray();

        Assert.AreEqual(12 * 27, reference.Images);
        Assert.AreEqual(pixels.Average(), reference.Channels[0].Mean, 1e-3);
        Assert.AreEqual(Math.Sqrt(pixels.Average(p => p * p) - pixels.Average() * pixels.Average()), reference.Channels[0].StandardDeviation, 1e-3);
        Assert.AreEqual(reference.Images, reference.Brightness.Sum());
        CollectionAssert.AreEqual(Enumerable.Repeat(27L, 12).ToArray(), reference.Labels.ToArray());
        Assert.AreEqual(36, reference.Predicted.Sum());
        Assert.AreEqual(36, reference.Confidence.Sum());
        Assert.IsTrue(reference.MeanConfidence is > 1 / 12.0 and <= 1);
    }

    [TestMethod]
    public void Training_again_gives_the_same_bundle_whatever_the_order_of_the_items()
    {
        var again = ImageClassificationPipeline.Train(Shapes(DatasetParts.Train, 30, reversed: true), settings);

        CollectionAssert.AreEqual(trained.Value.Bytes(), again.Bytes());
    }

    [TestMethod]
    public void The_estimator_chain_the_predictor_and_scoring_agree()
    {
        var test = Shapes(DatasetParts.Test, 3);
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(test.Items.Select(item => new ImageRow { Image = item.ReadBytes() }));

        var answers = ImageClassificationPipeline.Estimator(ml, trained.Value, topN: 3).Fit(data).Transform(data);
        var fromChain = answers.ReadTopN(ImageClassificationPipeline.Columns.Top).ToArray();
        var probabilities = answers.GetColumn<float[]>(ImageClassificationPipeline.Columns.Probabilities).ToArray();
        var rows = ImageClassificationPipeline.Score(trained.Value, test);
        using var predictor = new Predictor(trained.Value);

        Assert.AreEqual(36, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var alone = predictor.Predict(test.Items[i].ReadBytes(), 3).Predictions;
            for (var k = 0; k < 3; k++)
            {
                Assert.AreEqual(fromChain[i][k].Label, alone[k].Label);
                Assert.AreEqual(fromChain[i][k].Probability, alone[k].Probability, 1e-5);
            }
            for (var c = 0; c < 12; c++) Assert.AreEqual(probabilities[i][c], rows.Scores(i)[c], 1e-5);
            Assert.AreEqual(test.Items[i].Id, rows.Id(i));
        }
    }

    [TestMethod]
    public void A_saved_bundle_scores_as_before()
    {
        using var folder = new TemporaryFolder();
        trained.Value.Save(folder["shapes.mlbundle"]);

        var before = ImageClassificationPipeline.Score(trained.Value, Shapes(DatasetParts.Test, 2));
        var after = ImageClassificationPipeline.Score(ModelBundle.Open(folder["shapes.mlbundle"]), Shapes(DatasetParts.Test, 2));

        for (var i = 0; i < before.Count; i++) CollectionAssert.AreEqual(before.Scores(i).ToArray(), after.Scores(i).ToArray());
    }

    [TestMethod]
    public void Calibrating_anew_changes_the_temperature_alone_and_remembers_the_parent()
    {
        var old = trained.Value.WithPart(ModelBundle.EvaluationPart, "{}"u8.ToArray());

        var calibrated = ImageClassificationPipeline.Calibrate(old, Shapes(DatasetParts.Test, 10), SampleBundles.Noon.AddDays(1));

        Assert.AreEqual(120, calibrated.Manifest.Calibration!.Rows);
        Assert.AreEqual(old.Hash, calibrated.Manifest.Parent);
        Assert.IsNull(calibrated.Part(ModelBundle.EvaluationPart), "an evaluation of the old temperature does not hold any more");
        CollectionAssert.AreEqual(old.Classifier.ToArray(), calibrated.Classifier.ToArray());
    }

    [TestMethod]
    public void The_training_images_cannot_be_calibrated_on()
    {
        var data = Shapes(DatasetParts.Train, 4);
        var bundle = ImageClassificationPipeline.Train(data, settings with { ValidationShare = 0 });

        Assert.IsNull(bundle.Manifest.Calibration);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            ImageClassificationPipeline.Calibrate(bundle, data, SampleBundles.Noon)).Message, "was trained on");
    }

    [TestMethod]
    public void Data_that_cannot_be_trained_on_are_refused_with_the_reason()
    {
        Refused(ImageDataset.Of("one", [Item("1", "a"), Item("2", "a")]), "only one class ('a')");
        Refused(ImageDataset.Of("gap", [Item("1", "a"), Item("2", "b")], new() { Labels = ["a", "b", "c"] }), "class 'c' has no images");
        Refused(ImageDataset.Of("part", [Item("1", "a", "train"), Item("2", "b", "test")]), "class 'b' has no images in 'part [train]'");
        Refused(ImageDataset.Of("none", [Item("1", "a"), Item("2", null)], new() { RequireLabels = false }), "the first: '2'");
        Refused(ImageDataset.Of("broken", [Item("1", "a"), new ImageItem("2", "b", null, () => "x"u8.ToArray())]), "Item '2'");

        static ImageItem Item(string id, string? label, string? part = null) => new(id, label, part, () => SampleBundles.Pgm(1, 2));
        static void Refused(ImageDataset dataset, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
                ImageClassificationPipeline.Train(dataset, settings with { ValidationShare = 0 })).Message, expected);
    }

    [TestMethod]
    public void Broken_images_are_left_out_counted_and_quarantined_while_scoring()
    {
        using var folder = new TemporaryFolder();
        var options = new ImageDatasetOptions { OnBadItem = BadItemPolicy.Quarantine, QuarantineFile = folder["bad.csv"] };
        var items = Enumerable.Range(0, 10)
            .Select(i => new ImageItem($"{i}", "left", null, () => i is 3 or 4 ? "broken"u8.ToArray() : SampleBundles.Pgm((byte)(20 * i), 0)));
        var dataset = ImageDataset.Of("memory", items, options);

        var rows = ImageClassificationPipeline.Score(SampleBundles.Tiny, dataset);

        CollectionAssert.AreEqual(new[] { "0", "1", "2", "5", "6", "7", "8", "9" }, Enumerable.Range(0, rows.Count).Select(rows.Id).ToArray());
        var summary = dataset.Summary();
        Assert.AreEqual((10, 8, 2), (summary.Read, summary.Used, summary.Skipped.Count));
        Assert.HasCount(3, File.ReadAllLines(folder["bad.csv"]));
        using var predictor = new Predictor(SampleBundles.Tiny);
        Assert.AreEqual(rows.Scores(3)[0],
            predictor.Predict(SampleBundles.Pgm(100, 0)).Predictions.Single(prediction => prediction.Label == "left").Probability, 1e-6);
    }

    [TestMethod]
    public void Labels_the_model_does_not_know_and_missing_ones_are_kept_for_the_evaluation_to_count()
    {
        var dataset = ImageDataset.Of(
            "memory", [new(
                "1", "left", null, () => SampleBundles.Pgm(1, 2)), new(
                    "2", "up", null, () => SampleBundles.Pgm(1, 2)), new(
                        "3", null, null, () => SampleBundles.Pgm(1, 2))], new() { RequireLabels = false });

        var counts = ImageClassificationPipeline.Score(SampleBundles.Tiny, dataset).Counts;

        Assert.AreEqual((1L, 1L, 1L), (counts.Used, counts.UnknownLabel, counts.MissingLabel));
    }

    // ML.NET's L-BFGS reports nothing and takes no token: how often it reads its data tells both.
    [TestMethod]
    public void A_maximum_entropy_training_reports_its_steps_and_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var steps = new List<long>();
        var training = new MaximumEntropyTraining { MaximumIterations = 500, Tolerance = 1e-9f };

        Assert.Throws<OperationCanceledException>(() => ImageClassificationPipeline.Train(
            Shapes(DatasetParts.Train, 30), settings with { Training = training }, new Call(value =>
            {
                if (value.Stage != "Train") return;
                steps.Add(value.Done);
                if (value.Done == 5) stop.Cancel();
            }), stop.Token));

        CollectionAssert.AreEqual(steps.Order().ToArray(), steps);
        Assert.AreEqual(5, steps[^1]);
    }

    [TestMethod]
    public void Long_tasks_report_and_can_be_cancelled()
    {
        var stages = new List<PipelineProgress>();
        using var stop = new CancellationTokenSource();
        ImageClassificationPipeline.Score(trained.Value, Shapes(DatasetParts.Test, 30), new Call(stages.Add));
        CollectionAssert.AreEqual(new[] { new PipelineProgress("Score", 256, 360), new PipelineProgress("Score", 360, 360) }, stages);

        Assert.ThrowsExactly<OperationCanceledException>(
            () => ImageClassificationPipeline.Score(trained.Value, Shapes(DatasetParts.Test, 30), new Call(_ => stop.Cancel()), stop.Token));
        Assert.ThrowsExactly<OperationCanceledException>(
            () => ImageClassificationPipeline.Train(Shapes(DatasetParts.Train, 2), settings, cancellation: stop.Token));
    }

    [TestMethod]
    public void Fashion_MNIST_is_learnt_to_84_percent()
    {
        var dataset = ImageDataset.Open(
            TestData.Require("fashion-mnist"), new() { Labels = LabelsFile.Read(TestData.Require("labels/fashion-mnist-labels.txt")) });

        var bundle = ImageClassificationPipeline.Train(dataset, new TrainingSettings { CreatedAt = SampleBundles.Noon });
        var evaluation = ClassificationEvaluation.Of(ImageClassificationPipeline.Score(bundle, dataset.ForEvaluation()));

        Assert.AreEqual(54_000, bundle.Manifest.Training!.Rows);
        Assert.IsGreaterThanOrEqualTo(0.84, evaluation[LabelMetrics.Accuracy]);
        Assert.IsLessThan(0.03, evaluation.Calibration.ExpectedError);
    }

    private static ImageDataset Shapes(string part, int perClass, bool reversed = false)
    {
        var items = from label in Enumerable.Range(0, SampleImages.Classes.Count)
                    from i in Enumerable.Range(0, perClass)
                    select new ImageItem($"{SampleImages.Classes[label]}/{i}", SampleImages.Classes[label], null, () =>
                        Ppm(SampleImages.Draw(label, i, part, shapes)));
        return ImageDataset.Of("shapes", reversed ? items.Reverse() : items);
    }

    private static byte[] Ppm(RasterImage image) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];

    private sealed class ImageRow
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class Call(Action<PipelineProgress> report) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) => report(value);
    }
}
