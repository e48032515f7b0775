using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class TrainingTaskTests
{
    private static readonly NetworkTrainingSettings Plain = new() { Epochs = 1, BatchSize = 16, Normalization = Normalization.None };

    public static IEnumerable<(string Message, NetworkTrainingSettings Settings)> AbsurdSettings =>
    [
        ("Epochs is 0; expected at least 1.", new() { Epochs = 0 }),
        ("BatchSize is -3; expected at least 1.", new() { BatchSize = -3 }),
        ("BatchesPerRecord is -1; expected at least 0.", new() { BatchesPerRecord = -1 }),
        ("TimeBudget is 00:00:00; expected a time above 0, or none.", new() { TimeBudget = TimeSpan.Zero }),
        ("Optimizer.LearningRate is -0.1; expected a number above 0.", new() { Optimizer = new Sgd { LearningRate = -0.1 } }),
        ("Optimizer.LearningRate is NaN; expected a number above 0.", new() { Optimizer = new Adam { LearningRate = double.NaN } }),
        ("Optimizer.WeightDecay is -1; expected a number of at least 0.", new() { Optimizer = new AdamW { WeightDecay = -1 } }),
        ("Optimizer.Momentum is 1; expected a number from 0 to below 1.", new() { Optimizer = new Sgd { Momentum = 1 } }),
        ("Optimizer.Rho is 1.5; expected a number from 0 to below 1.", new() { Optimizer = new RmsProp { Rho = 1.5 } }),
        ("Optimizer.Beta2 is NaN; expected a number from 0 to below 1.", new() { Optimizer = new Adam { Beta2 = double.NaN } }),
        ("Schedule.WarmUpEpochs is -1;", new() { Schedule = new CosineSchedule { WarmUpEpochs = -1 } }),
        ("Schedule.WarmUpEpochs is 1; expected 0: one cycle warms up by itself.", new() { Schedule = new OneCycleSchedule { WarmUpEpochs = 1 } }),
        ("Schedule.Drop is 2;", new() { Schedule = new StepSchedule { Drop = 2 } }),
        ("Schedule.Metric is  ; expected the name of a metric", new() { Schedule = new PlateauSchedule { Metric = " " } }),
        ("Loss.LabelSmoothing is 1; expected a number from 0 to below 1.", new() { Loss = new CrossEntropyLoss { LabelSmoothing = 1 } }),
        ("Loss.Gamma is -2; expected a number from 0 to 100.", new() { Loss = new FocalLoss { Gamma = -2 } }),
        ("Clipping.GlobalNorm is 0; expected a number above 0, or none.", new() { Clipping = new() { GlobalNorm = 0 } }),
        ("Clipping.GlobalNorm is 1; expected the only limit", new() { Clipping = new() { GlobalNorm = 1, Value = 1 } }),
        ("ClassWeights.Weights[class 1] is 0; expected a number above 0.", new() { ClassWeights = Given("class 1", 0) }),
        ("ClassWeights.Strength is 0;", new() { ClassWeights = new AdaptiveClassWeights { Strength = 0 } }),
        ("EarlyStopping.Patience is 0; expected at least 1, or none.", new() { EarlyStopping = new() { Patience = 0 } }),
        ("EarlyStopping.MinimumDelta is -1;", new() { EarlyStopping = new() { MinimumDelta = -1 } }),
        ("Mixup.Alpha is 0;", new() { Mixup = new() { Alpha = 0 } }),
        ("Normalization.Scale is NaN;", new() { Normalization = new(float.NaN, [], []) }),
        ("Normalization.StandardDeviation[1] is 0; expected a number above 0.", new() { Normalization = new(1, [], [1, 0]) }),
        ("Checkpoints.Folder is  ; expected the path of a folder.", new() { Checkpoints = new() { Folder = " " } }),
    ];

    [TestMethod, DynamicData(nameof(AbsurdSettings))]
    public void Absurd_settings_are_named_with_what_was_given_and_expected(string message, NetworkTrainingSettings settings) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Runs.Of(settings)).Message, message);

    [TestMethod]
    public void All_absurd_settings_are_named_at_once()
    {
        var settings = new NetworkTrainingSettings { Epochs = 0, BatchSize = 0, Optimizer = new Adam { Epsilon = 0 } };
        var message = Assert.ThrowsExactly<ArgumentException>(() => Runs.Of(settings)).Message;
        foreach (var name in (string[])["Epochs is 0", "BatchSize is 0", "Optimizer.Epsilon is 0"]) StringAssert.Contains(message, name);
    }

    [TestMethod]
    public void A_class_without_samples_is_named()
    {
        var training = new DrawnSamples(50);
        for (var i = 0; i < 50; i++) training.Labels[i] = training.Labels[i] == 1 ? 0 : training.Labels[i];
        IsRefused<InvalidDataException>("The class 'class 1' (number 1 of 3) has no training samples.", training: training);
    }

    [TestMethod]
    public void A_label_out_of_range_is_named_with_its_sample()
    {
        var training = new DrawnSamples(50);
        training.Labels[33] = 3;
        IsRefused<InvalidDataException>(
            "The training sample 33 has the class number 3; the numbers of the 3 classes go from 0 to 2.", training: training);
        var validation = new DrawnSamples(20);
        validation.Labels[4] = -1;
        IsRefused<InvalidDataException>("The validation sample 4 has the class number -1;", validation: validation);
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN"), DataRow(float.PositiveInfinity, "Infinity"), DataRow(float.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_no_number_is_named_with_its_sample_and_place(float bad, string text)
    {
        var training = new DrawnSamples(50);
        training.Values[21][3] = bad;
        IsRefused<InvalidDataException>(
            $"Sample 21 (class {training.Labels[21]}) has the value {text} at place 3 of 5; expected finite numbers.", training: training);
        var validation = new DrawnSamples(20);
        validation.Values[7][0] = bad;
        IsRefused<InvalidDataException>($"Sample 7 (class {validation.Labels[7]}) has the value {text} at place 0", validation: validation);
    }

    [TestMethod]
    [DataRow(-1f), DataRow(float.NaN), DataRow(float.PositiveInfinity)]
    public void A_weight_that_is_no_weight_is_named_with_its_sample(float weight) =>
        IsRefused<InvalidDataException>(
            FormattableString.Invariant($"The training sample 2 has the weight {weight}; expected a number of at least 0."),
            training: new DrawnSamples(50) { Weight = index => index == 2 ? weight : 1 });

    [TestMethod]
    public void Samples_that_all_weigh_nothing_are_refused() =>
        IsRefused<InvalidDataException>(
            "All 50 training samples have the weight 0; at least one must count.", training: new DrawnSamples(50) { Weight = _ => 0 });

    [TestMethod]
    public void An_empty_source_is_refused()
    {
        IsRefused<InvalidDataException>("There are no training samples; at least one is needed.", training: new DrawnSamples(0));
        IsRefused<InvalidDataException>("There are no validation samples; at least one is needed.", validation: new DrawnSamples(0));
    }

    [TestMethod]
    public void A_single_class_is_refused()
    {
        using var network = new PlainNetwork(5, 0, 1, 16);
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => new NetworkTrainer(Plain).Fit(network, new DrawnSamples(20, classes: 1), null, ["shirt"]));
        StringAssert.Contains(error.Message, "There is only one class, 'shirt'; telling apart needs at least two.");
    }

    [TestMethod]
    public void Network_source_and_labels_must_fit_each_other()
    {
        IsRefused<InvalidDataException>(
            "The training samples have the shape 4, and the network takes 5.", training: new DrawnSamples(50, features: 4));
        IsRefused<InvalidDataException>(
            "The validation samples have the shape 6, and the network takes 5.", validation: new DrawnSamples(50, features: 6));
        IsRefused<ArgumentException>("There are 2 labels, and the network has 3 outputs", labels: ["a", "b"]);
        IsRefused<ArgumentException>("Two classes are called 'b'; each needs a name of its own.", labels: ["a", "b", "b"]);
        IsRefused<ArgumentException>("A batch is to have 64 samples, and the network takes at most 40", Plain with { BatchSize = 64 });
        IsRefused<ArgumentException>(
            "The normalisation's Mean has 3 values, and samples have 5 channels", Plain with { Normalization = new(1, [0, 0, 0], []) });
        IsRefused<ArgumentException>("which is no class; the classes are class 0, class 1, class 2", Plain with { ClassWeights = Given("shirt", 2) });
    }

    [TestMethod]
    public void What_needs_validation_samples_says_so_where_there_are_none()
    {
        IsRefused<ArgumentException>(
            "Class weights 'auto' follow the errors on validation samples, and there are none",
            Plain with { ClassWeights = new AdaptiveClassWeights() },
            hasValidation: false);
        IsRefused<ArgumentException>(
            "EarlyStopping watches val_loss, and there are no validation samples", Plain with { EarlyStopping = new() }, hasValidation: false);
        IsRefused<ArgumentException>(
            "PlateauSchedule watches val_loss, and there are no validation samples",
            Plain with { Schedule = new PlateauSchedule() },
            hasValidation: false);
    }

    [TestMethod]
    public void A_metric_that_does_not_exist_is_refused() =>
        IsRefused<ArgumentException>("'val_f2' is no metric of a training", Plain with { EarlyStopping = new() { Metric = "val_f2" } });

    private static GivenClassWeights Given(string name, double weight) => new() { Weights = new Dictionary<string, double> { [name] = weight } };

    private static void IsRefused<TException>(
        string message, NetworkTrainingSettings? settings = null, ISampleSource? training = null, ISampleSource? validation = null,
        string[]? labels = null, bool hasValidation = true)
        where TException : Exception
    {
        using var network = new PlainNetwork(5, 0, 3, 40);
        validation = hasValidation ? validation ?? new DrawnSamples(20, seed: 2) : null;
        var error = Assert.ThrowsExactly<TException>(
            () => new NetworkTrainer(settings ?? Plain).Fit(network, training ?? new DrawnSamples(50), validation, labels ?? DrawnSamples.Names()));
        StringAssert.Contains(error.Message, message);
    }
}
