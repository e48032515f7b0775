using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Images;
using MLPipelines.Learning;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

/// <summary>Networks as one of ML.NET's trainers: columns, annotations, chains, folds, engines, saving.</summary>
[TestClass]
public sealed class NeuralNetworkTests
{
    private static readonly MLContext Context = new(seed: 1);

    // Three bars in 6×6 pixels: upright, lying, slanting; with noise. Any network tells them apart.
    private static readonly IReadOnlyList<Bar> Bars = [.. Enumerable.Range(0, 180).Select(Bar.Of)];

    private static readonly NetworkDefinition Tiny = new()
    {
        Name = "tiny",
        Layers = [new Convolution { Filters = 8, Padding = Padding.Same }, new BatchNormalization(), new Relu(), new MaxPooling(), new Dropout { Rate = 0.1f }, new Dense()],
    };

    private readonly string folder = Directory.CreateTempSubdirectory("mlpipelines-test-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void It_learns_in_a_chain_and_gives_probabilities_and_the_name_of_the_class()
    {
        using var model = Chain().Fit(View(Bars.Take(120)));
        var scored = model.Transform(View(Bars.Skip(120)));

        Assert.IsGreaterThanOrEqualTo(0.95, Context.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        foreach (var row in Context.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false))
        {
            Assert.AreEqual(1, row.Score.Sum(), 1e-5);
            Assert.AreEqual(row.Name, new[] { "upright", "lying", "slanting" }[Array.IndexOf(row.Score, row.Score.Max())], "the names are in the order in which they are met");
        }
    }

    [TestMethod]
    public void Its_columns_have_the_types_and_annotations_of_ML_NET_s_own_trainers()
    {
        var rows = Keyed(Bars.Take(60));
        using var network = Context.MulticlassClassification.Trainers.NeuralNetwork(Options()).Fit(rows);
        var own = Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(rows);

        Assert.AreEqual(InWords(own.GetOutputSchema(rows.Schema)), InWords(network.GetOutputSchema(rows.Schema)));
        Assert.AreEqual(InWords(network.GetOutputSchema(rows.Schema)), InWords(network.Transform(rows).Schema));
        Assert.AreEqual(
            ViewReading.ShapeOf(network.GetOutputSchema(rows.Schema)).InWords(),
            Context.MulticlassClassification.Trainers.NeuralNetwork(Options()).GetOutputSchema(ViewReading.ShapeOf(rows.Schema)).InWords());
    }

    [TestMethod]
    public void What_is_saved_gives_the_same_columns_and_scores_when_loaded()
    {
        var rows = View(Bars);
        using var model = Chain().Fit(rows);
        var path = Path.Combine(folder, "bars.zip");
        Context.Model.Save(model, rows.Schema, path);

        var loaded = new MLContext().Model.Load(path, out _);

        Assert.AreEqual(InWords(model.GetOutputSchema(rows.Schema)), InWords(loaded.GetOutputSchema(rows.Schema)));
        var (before, after) = (Rows(model.Transform(rows)), Rows(loaded.Transform(rows)));
        for (var i = 0; i < before.Length; i++)
        {
            Assert.AreEqual(before[i].Name, after[i].Name);
            for (var c = 0; c < 3; c++) Assert.AreEqual(before[i].Score[c], after[i].Score[c], 1e-6f);
        }
    }

    [TestMethod]
    public void The_scores_are_the_softmax_of_the_network_that_it_tells_of()
    {
        var rows = Keyed(Bars.Take(60));
        using var model = Context.MulticlassClassification.Trainers.NeuralNetwork(Options()).Fit(rows);
        using var team = new ThreadTeam(1);
        using var runner = new NetworkRunner(model.Model, 1, team);
        var probabilities = new float[3];
        foreach (var (bar, row) in Bars.Zip(Context.Data.CreateEnumerable<Scored>(model.Transform(rows), reuseRowObject: false, ignoreMissingColumns: true)))
        {
            float[] pixels = [.. bar.Features];
            model.Normalization.Apply(pixels, channels: 1);
            runner.SetInput(0, pixels);
            runner.Forward(1, training: false);
            TemperatureScaling.Softmax(runner.LogitsOf(0), 1, probabilities, SoftmaxInput.Logits);
            for (var c = 0; c < 3; c++) Assert.AreEqual(probabilities[c], row.Score[c], 1e-5f);
        }
    }

    [TestMethod]
    public void It_can_be_cross_validated()
    {
        var folds = Context.MulticlassClassification.CrossValidate(View(Bars), Chain(), numberOfFolds: 3);

        Assert.HasCount(3, folds);
        foreach (var fold in folds) Assert.IsGreaterThanOrEqualTo(0.9, fold.Metrics.MicroAccuracy);
    }

    [TestMethod]
    public void An_engine_predicts_single_rows_as_the_view_does()
    {
        using var model = Chain().Fit(View(Bars));
        var expected = Rows(model.Transform(View(Bars.Take(5))));
        using var engine = Context.Model.CreatePredictionEngine<Bar, Scored>(model);

        for (var i = 0; i < expected.Length; i++)
        {
            var actual = engine.Predict(Bars[i]);
            Assert.AreEqual(expected[i].Name, actual.Name);
            for (var c = 0; c < 3; c++) Assert.AreEqual(expected[i].Score[c], actual.Score[c], 1e-6f);
        }
    }

    [TestMethod]
    public void A_validation_part_is_told_of_epoch_by_epoch_and_stops_the_training()
    {
        var told = new List<EpochRecord>();
        var options = Options() with
        {
            ValidationShare = 0.25,
            Training = new NetworkTrainingSettings { Epochs = 50, BatchSize = 32, EarlyStopping = new EarlyStopping { Metric = "val_f1[lying]", Patience = 3 } },
            Progress = new Told(told),
        };
        using var model = Context.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(Keyed(Bars));

        Assert.AreEqual(StopReason.EarlyStopping, model.History.Stop);
        Assert.AreEqual(model.History.Epochs.Count, told.Count);
        Assert.AreEqual(45, told[0].Validation!.Confusion.Total);
        CollectionAssert.AreEqual(new[] { "upright", "lying", "slanting" }, model.History.Labels.ToArray());
    }

    [TestMethod]
    public void Rows_of_another_view_can_be_the_validation()
    {
        var options = Options() with { Validation = Keyed(Bars.Skip(150)) };
        using var model = Context.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(Keyed(Bars.Take(150)));

        Assert.AreEqual(30, model.History.Epochs[^1].Validation!.Confusion.Total);
    }

    [TestMethod]
    public void Pixels_may_lie_in_planes_or_channels_last()
    {
        using var planes = Colours(TensorLayout.ChannelsFirst);
        using var pixels = Colours(TensorLayout.ChannelsLast);

        CollectionAssert.AreEqual(planes.Model.Weights, pixels.Model.Weights);

        static NeuralNetworkTransformer Colours(TensorLayout layout)
        {
            // Each 6×6 image and its mirror as two channels.
            var rows = Bars.Select(bar => new Bar
            {
                Name = bar.Name,
                Features = [.. Enumerable.Range(0, 72).Select(i => layout == TensorLayout.ChannelsFirst ? At(bar, i / 36, i % 36) : At(bar, i % 2, i / 2))],
            });
            return Context.MulticlassClassification.Trainers
                .NeuralNetwork(Options() with { Image = new ImageShape(6, 6, 2), Layout = layout, Training = new NetworkTrainingSettings { Epochs = 2, BatchSize = 32 } })
                .Fit(Keyed(rows, 72));

            static float At(Bar bar, int channel, int pixel) => bar.Features[channel == 0 ? pixel : 35 - pixel];
        }
    }

    [TestMethod]
    public void Training_can_go_on_from_a_network()
    {
        var rows = Keyed(Bars);
        using var first = Context.MulticlassClassification.Trainers.NeuralNetwork(Options()).Fit(rows);
        using var second = Context.MulticlassClassification.Trainers.NeuralNetwork(Options() with { Initial = first.Model, Normalization = first.Normalization }).Fit(rows);

        Assert.IsLessThan(first.History.Epochs[0].Training.Loss, second.History.Epochs[0].Training.Loss);
        CollectionAssert.AreNotEqual(first.Model.Weights, second.Model.Weights, "the first network is left as it was");
    }

    [TestMethod]
    public void Rows_of_weight_0_teach_nothing()
    {
        // Every second bar has a wrong name and the weight 0.
        var rows = Bars.Select((bar, i) => new Bar { Features = bar.Features, Name = i % 2 == 0 ? bar.Name : Bars[(i + 1) % 180].Name, Weight = 1 - i % 2 });
        using var model = Context.MulticlassClassification.Trainers.NeuralNetwork(Options() with { ExampleWeightColumnName = "Weight" }).Fit(Keyed(rows));

        var right = Rows(Context.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel").Fit(model.Transform(Keyed(Bars))).Transform(model.Transform(Keyed(Bars))));
        Assert.IsGreaterThanOrEqualTo(0.95, right.Zip(Bars).Count(pair => pair.First.Name == pair.Second.Name) / 180.0);
    }

    [TestMethod]
    public void A_value_that_is_no_number_is_refused_by_its_row()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => Context.MulticlassClassification.Trainers.NeuralNetwork(Options()).Fit(Keyed(Bars.Select((bar, i) => i == 7 ? bar.With(3, float.NaN) : bar))));

        StringAssert.Contains(error.Message, "Row 7 (counted from 0) has NaN");
    }

    [TestMethod]
    public void Features_that_do_not_fill_the_image_are_refused_with_both_sizes()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => Context.MulticlassClassification.Trainers.NeuralNetwork(Options() with { Image = new ImageShape(28, 28, 1) }).Fit(Keyed(Bars)));

        StringAssert.Contains(error.Message, "Column 'Features' has 36 numbers");
        StringAssert.Contains(error.Message, "28×28×1 has 784");
    }

    [TestMethod]
    public void A_label_that_is_no_key_is_refused_with_the_transform_that_makes_one()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Context.MulticlassClassification.Trainers.NeuralNetwork(Options() with { LabelColumnName = "Name" }).Fit(View(Bars)));

        StringAssert.Contains(error.Message, "MapValueToKey");
    }

    private static NeuralNetworkOptions Options() => new()
    {
        Definition = Tiny,
        Image = new ImageShape(6, 6, 1),
        Training = new NetworkTrainingSettings { Epochs = 12, BatchSize = 32, Optimizer = new Adam { LearningRate = 0.01 } },
        Threads = 1,
    };

    private static EstimatorChain<ITransformer> Chain() => new EstimatorChain<ITransformer>()
        .Append(Context.Transforms.Conversion.MapValueToKey("Label", "Name"))
        .Append(Context.MulticlassClassification.Trainers.NeuralNetwork(Options()))
        .Append((IEstimator<ITransformer>)Context.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"));

    private static IDataView View(IEnumerable<Bar> bars, int length = 36)
    {
        var schema = SchemaDefinition.Create(typeof(Bar));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        return Context.Data.LoadFromEnumerable(bars, schema);
    }

    private static IDataView Keyed(IEnumerable<Bar> bars, int length = 36)
    {
        var rows = View(bars, length);
        return Context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
    }

    private static Scored[] Rows(IDataView view) => [.. Context.Data.CreateEnumerable<Scored>(view, reuseRowObject: false)];

    private static string InWords(DataViewSchema schema) => string.Join("\n", schema.Where(column => column.Name is "Score" or "PredictedLabel")
        .Select(column => $"{column.Name} {column.Type}: {string.Join(", ", column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type}").Order())}"));

    private sealed class Told(List<EpochRecord> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value is TrainingProgress.EpochEnded ended) epochs.Add(ended.Epoch);
        }
    }

    public sealed class Bar
    {
        [VectorType(36)]
        public float[] Features { get; set; } = new float[36];

        public string Name { get; set; } = "";

        public float Weight { get; set; } = 1;

        public static Bar Of(int number)
        {
            var random = new SeededRandom((ulong)number);
            var kind = number % 3;
            var place = 1 + random.Next(4);
            var bar = new Bar { Name = new[] { "upright", "lying", "slanting" }[kind] };
            for (var i = 0; i < 36; i++)
            {
                var (y, x) = (i / 6, i % 6);
                var isOn = kind switch { 0 => x == place, 1 => y == place, _ => (x + y + place) % 6 == 0 };
                bar.Features[i] = (isOn ? 200 : 30) + random.Next(40);
            }

            return bar;
        }

        public Bar With(int pixel, float value)
        {
            float[] features = [.. Features];
            features[pixel] = value;
            return new Bar { Name = Name, Features = features };
        }
    }

    public sealed class Scored
    {
        public float[] Score { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
