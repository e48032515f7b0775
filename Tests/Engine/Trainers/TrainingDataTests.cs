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
        ["L-BFGS", (Func<string?, IEstimator<ITransformer>>)(weight => Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(exampleWeightColumnName: weight))],
        ["SDCA", (Func<string?, IEstimator<ITransformer>>)(weight => Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(exampleWeightColumnName: weight))],
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
        Refuses("Row 1 cannot be trained on: its label in column 'Label' is missing", trainer(null), Labelled.View(1, 2, [new([1], 0), new([2], -1)]));

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
        var trainers = Ml.MulticlassClassification.Trainers;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l1Regularization: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l2Regularization: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(optimizationTolerance: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(historySize: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.SdcaMaximumEntropy(l2Regularization: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 0));
    }

    [TestMethod]
    public void Trainers_like_normalised_features()
    {
        Assert.IsTrue(Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Info.NeedNormalization);
        Assert.IsTrue(Ml.MulticlassClassification.Trainers.SdcaMaximumEntropy().Info.WantCaching);
    }

    private static void Refuses(string message, IEstimator<ITransformer> trainer, IDataView data) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(data)).Message, message);

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
