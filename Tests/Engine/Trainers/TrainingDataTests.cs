using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>Data that nothing can be learned from, for both trainers.</summary>
[TestClass]
public sealed class TrainingDataTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IEnumerable<object[]> Trainers =>
    [
        ["L-BFGS", (Func<string?, IEstimator<ITransformer>>)(
            weight => Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(exampleWeightColumnName: weight))],
        ["SDCA", (Func<string?, IEstimator<ITransformer>>)(
            weight => Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(exampleWeightColumnName: weight))],
    ];

    [TestMethod, DynamicData(nameof(Trainers))]
    public void No_rows_are_an_error(string _, Func<string?, IEstimator<ITransformer>> trainer) =>
        Refuses("There are no rows", trainer(null), Labelled.View(2, 2, []));

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_label_with_one_class_is_an_error(string _, Func<string?, IEstimator<ITransformer>> trainer) =>
        Refuses("has 1 class", trainer(null), Labelled.View(1, 1, [new([1], 0)]));

    [TestMethod, DynamicData(nameof(Trainers))]
    public void Rows_of_one_class_alone_are_an_error(string _, Func<string?, IEstimator<ITransformer>> trainer) =>
        Refuses("All 2 rows are of class 1", trainer(null), Labelled.View(1, 3, [new([1], 1), new([2], 1)]));

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_missing_label_is_an_error_that_names_the_row(string _, Func<string?, IEstimator<ITransformer>> trainer) =>
        Refuses("Row 1 cannot be trained on: its label in column 'Label' is missing", trainer(null),
            Labelled.View(1, 2, [new([1], 0), new([2], -1)]));

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_label_beyond_the_classes_is_a_missing_one(string _, Func<string?, IEstimator<ITransformer>> trainer) =>
        Refuses("Row 0 cannot be trained on: its label in column 'Label' is missing", trainer(null), Labelled.View(1, 2, [new([1], 2), new([2], 1)]));

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_feature_that_is_not_finite_is_an_error_that_names_row_and_feature(string _, Func<string?, IEstimator<ITransformer>> trainer)
    {
        Refuses("Row 1 cannot be trained on: feature 2 of column 'Features' is NaN or infinite", trainer(null),
            Labelled.View(3, 2, [new([1, 2, 3], 0), new([1, 2, float.NaN], 1)]));
        Refuses("Row 0 cannot be trained on: feature 0 of column 'Features' is NaN or infinite", trainer(null),
            Labelled.View(1, 2, [new([float.NegativeInfinity], 0)]));
    }

    [TestMethod, DynamicData(nameof(Trainers))]
    public void A_weight_below_0_or_weights_all_0_are_errors(string _, Func<string?, IEstimator<ITransformer>> trainer)
    {
        Refuses("its weight in column 'Weight' is -1", trainer("Weight"), Labelled.View(1, 2, [new([1], 0, -1)]));
        Refuses("All 2 rows have weight 0", trainer("Weight"), Labelled.View(1, 2, [new([1], 0, 0), new([2], 1, 0)]));
    }

    [TestMethod, DynamicData(nameof(Trainers))]
    public void Columns_of_other_types_are_refused_before_any_row_is_read(string _, Func<string?, IEstimator<ITransformer>> trainer)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer(null).Fit(Ml.Data.LoadFromEnumerable(Unread<Texts>())));
        StringAssert.StartsWith(error.Message, "Schema mismatch for feature column 'Features': expected Vector<Single>, got VarVector<Single>");

        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer(null).Fit(Ml.Data.LoadFromEnumerable(Unread<TextLabel>())));
        StringAssert.StartsWith(error.Message, "Schema mismatch for label column 'Label': expected Key<UInt32>, got String");

        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer("Nope").Fit(Labelled.View(1, 2, [])));
        StringAssert.StartsWith(error.Message, "Could not find weight column 'Nope'");
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        EmbeddedEngine.Require("its errors differ.");
        var trainers = Ml.MulticlassClassification.Trainers;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l1Regularization: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l2Regularization: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(optimizationTolerance: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(historySize: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.SdcaMaximumEntropy(l2Regularization: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 0));
    }

    [TestMethod]
    public void Options_default_to_what_the_simple_overloads_do()
    {
        var lbfgs = new LbfgsMaximumEntropyMulticlassTrainer.Options();
        Assert.AreEqual(("Features", "Label", null), (lbfgs.FeatureColumnName, lbfgs.LabelColumnName, lbfgs.ExampleWeightColumnName));
        Assert.AreEqual((1f, 1f, 1e-7f, 20), (lbfgs.L1Regularization, lbfgs.L2Regularization, lbfgs.OptimizationTolerance, lbfgs.HistorySize));
        Assert.AreEqual((int.MaxValue, 0f, false, null),
            (lbfgs.MaximumNumberOfIterations, lbfgs.InitialWeightsDiameter, lbfgs.EnforceNonNegativity, lbfgs.NumberOfThreads));

        var sdca = new SdcaMulticlassTrainerBase<MaximumEntropyModelParameters>.MulticlassOptions();
        Assert.AreEqual((null, null, null, null),
            (sdca.L1Regularization, sdca.L2Regularization, sdca.MaximumNumberOfIterations, sdca.NumberOfThreads));
        Assert.AreEqual((0.1f, true), (sdca.ConvergenceTolerance, sdca.Shuffle));
    }

    [TestMethod]
    public void Trainers_like_normalised_features()
    {
        ITrainerEstimator<IPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>[] trainers =
            [Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(), Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy()];

        Assert.IsTrue(trainers.All(trainer => trainer.Info.NeedNormalization && trainer.Info.WantCaching));
    }

    [TestMethod]
    public void A_trainer_says_which_columns_it_wants()
    {
        var trainer = Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Class", "Pixels", "Importance");

        Assert.AreEqual(("Pixels", SchemaShape.Column.VectorKind.Vector, false),
            (trainer.FeatureColumn.Name, trainer.FeatureColumn.Kind, trainer.FeatureColumn.IsKey));
        Assert.AreEqual(("Class", SchemaShape.Column.VectorKind.Scalar, true),
            (trainer.LabelColumn.Name, trainer.LabelColumn.Kind, trainer.LabelColumn.IsKey));
        Assert.AreEqual("Importance", trainer.WeightColumn.Name);
        Assert.IsNull(Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().WeightColumn.Name);
    }

    private static void Refuses(string message, IEstimator<ITransformer> trainer, IDataView data)
    {
        EmbeddedEngine.Require("it leaves such rows out.");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(data)).Message, message);
    }

    private static IEnumerable<T> Unread<T>()
    {
        Assert.Fail("A row was read.");
        yield break;
    }

    private sealed class Texts
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class TextLabel
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
