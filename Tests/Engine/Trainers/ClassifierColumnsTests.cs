using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>The columns a classifier adds, against what was measured on genuine ML.NET; case names B0 … B5 are those of that record.</summary>
[TestClass]
public sealed class ClassifierColumnsTests
{
    private static readonly Coloured[] Rows =
    [
        .. Enumerable.Range(0, 60).Select(row => new Coloured
        {
            Label = row % 3 == 0 ? "red" : row % 3 == 1 ? "green" : "blue",
            X = [row % 3 == 0 ? 5 + row % 2 : 0, row % 3 == 1 ? 4 : 0.5f, row % 3 == 2 ? 6 : 1],
        }),
    ];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void B0_a_classifier_adds_PredictedLabel_then_Score()
    {
        var schema = Train().GetOutputSchema(View(Rows).Schema);

        Assert.AreEqual(
            "0:Label:String, 1:X:Vector<Single, 3>, 2:LabelKey:Key<UInt32, 0-2>, 3:PredictedLabel:Key<UInt32, 0-2>, 4:Score:Vector<Single, 3>",
            string.Join(", ", schema.Select(column => $"{column.Index}:{column.Name}:{column.Type}")));
    }

    [TestMethod]
    public void B1_the_columns_carry_the_names_of_the_classes()
    {
        var schema = Train().GetOutputSchema(View(Rows).Schema);

        Assert.AreEqual(
            "ScoreColumnKind: String, ScoreColumnSetId: Key<UInt32, 0-2147483646>, ScoreValueKind: String, " +
            "TrainingLabelValues: Vector<String, 3>, SlotNames: Vector<String, 3>",
            schema["Score"].Annotations.ToString());
        Assert.AreEqual(
            "ScoreColumnKind: String, ScoreValueKind: String, KeyValues: Vector<String, 3>, ScoreColumnSetId: Key<UInt32, 0-2147483646>",
            schema["PredictedLabel"].Annotations.ToString());
        Assert.AreEqual("red|green|blue", Names(schema["LabelKey"], "KeyValues"));
        Assert.AreEqual("red|green|blue", Names(schema["PredictedLabel"], "KeyValues"));
        Assert.AreEqual("red|green|blue", Names(schema["Score"], "SlotNames"));
        Assert.AreEqual("red|green|blue", Names(schema["Score"], "TrainingLabelValues"));
        Assert.AreEqual("MulticlassClassification", Text(schema["Score"], "ScoreColumnKind"));
        Assert.AreEqual("Score", Text(schema["Score"], "ScoreValueKind"));
        Assert.AreEqual("PredictedLabel", Text(schema["PredictedLabel"], "ScoreValueKind"));
        var id = 0u;
        schema["Score"].Annotations.GetValue("ScoreColumnSetId", ref id);
        Assert.AreEqual(1u, id);
    }

    [TestMethod]
    public void B1_the_predicted_key_turned_back_into_text_hides_the_key()
    {
        var schema = Train().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(Train().Transform(View(Rows))))
            .GetOutputSchema(View(Rows).Schema);

        Assert.IsTrue(schema[3].IsHidden);
        Assert.AreEqual("PredictedLabel: String", schema["PredictedLabel"].ToString());
        Assert.AreEqual(typeof(ReadOnlyMemory<char>), schema["PredictedLabel"].Type.RawType);
    }

    [TestMethod]
    public void B2_the_predicted_key_is_that_of_the_highest_score_and_the_scores_add_up_to_1()
    {
        foreach (var row in Scored(Train(), Rows))
        {
            Assert.AreEqual(row.LabelKey, row.PredictedLabel);
            Assert.AreEqual(Array.IndexOf(row.Score, row.Score.Max()) + 1u, row.PredictedLabel);
            Assert.AreEqual(1, row.Score.Sum(), 1e-6);
        }
    }

    [TestMethod]
    public void B3_a_NaN_feature_gives_no_prediction_and_an_unseen_label_no_key()
    {
        Coloured[] rows = [new() { Label = "red", X = [1, float.NaN, 1] }, new() { Label = "purple", X = [0, 4, 1] }];
        var model = Train();
        var scored = Scored(model, rows);

        Assert.AreEqual((1u, 0u), (scored[0].LabelKey, scored[0].PredictedLabel));
        Assert.IsTrue(scored[0].Score.All(float.IsNaN));
        Assert.AreEqual((0u, 2u), (scored[1].LabelKey, scored[1].PredictedLabel));
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(View(rows)), "LabelKey");
        Assert.AreEqual(0, metrics.MicroAccuracy);
        Assert.AreEqual(0, metrics.LogLoss);
    }

    [TestMethod]
    public void B4_classes_may_be_ordered_by_name()
    {
        var schema = Train(ValueToKeyMappingEstimator.KeyOrdinality.ByValue).GetOutputSchema(View(Rows).Schema);

        Assert.AreEqual("blue|green|red", Names(schema["Score"], "SlotNames"));
    }

    [TestMethod]
    public void B5_keys_are_32_bits_unsigned() =>
        Assert.AreEqual(typeof(uint), Train().GetOutputSchema(View(Rows).Schema)["PredictedLabel"].Type.RawType);

    [TestMethod]
    public void The_classes_names_head_the_confusion_table() => StringAssert.Contains(
        _ml.MulticlassClassification.Evaluate(Train().Transform(View(Rows)), "LabelKey").ConfusionMatrix.GetFormattedConfusionTable(),
        "PREDICTED ||   red | green |  blue | Recall");

    [TestMethod]
    public void The_estimator_announces_what_the_transformer_makes()
    {
        var estimator = Chain(ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence);
        // A shape is made by an estimator that needs nothing to add the columns of a class.
        var start = _ml.Transforms.CustomMapping<Nothing, Coloured>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));
        var announced = estimator.GetOutputSchema(start);

        var label = announced.Single(column => column.Name == "PredictedLabel");
        Assert.IsTrue(label.IsKey);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, label.Kind);
        Assert.AreEqual(NumberDataViewType.UInt32, label.ItemType);
        Assert.IsTrue(label.Annotations.Any(column => column.Name == "KeyValues"));
        var score = announced.Single(column => column.Name == "Score");
        Assert.AreEqual((SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single, false),
            (score.Kind, score.ItemType, score.IsKey));
        Assert.IsTrue(score.Annotations.Any(column => column.Name == "SlotNames"));
    }

    [TestMethod]
    public void A_saved_classifier_gives_the_same_scores_and_names()
    {
        var model = Train();
        using var file = new MemoryStream();
        _ml.Model.Save(model, View(Rows).Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out var schema);

        Assert.AreEqual(model.GetOutputSchema(schema).ToString(), loaded.GetOutputSchema(schema).ToString());
        Assert.AreEqual("red|green|blue", Names(loaded.GetOutputSchema(schema)["Score"], "SlotNames"));
        foreach (var (before, after) in Scored(model, Rows).Zip(Scored(loaded, Rows)))
            CollectionAssert.AreEqual(before.Score, after.Score);
    }

    [TestMethod]
    public void Single_rows_are_predicted_like_views()
    {
        var model = Train();
        using var engine = _ml.Model.CreatePredictionEngine<Coloured, ColourScore>(model);

        foreach (var (row, scored) in Rows.Zip(Scored(model, Rows)))
        {
            var single = engine.Predict(row);
            CollectionAssert.AreEqual(scored.Score, single.Score);
            Assert.AreEqual(scored.PredictedLabel, single.PredictedLabel);
        }
    }

    [TestMethod]
    public void A_second_classifier_behind_the_first_has_its_own_set_of_score_columns()
    {
        var view = Train().Transform(View(Rows));
        var schema = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("LabelKey", "X").Fit(view).GetOutputSchema(view.Schema);
        var id = 0u;
        schema["Score"].Annotations.GetValue("ScoreColumnSetId", ref id);

        Assert.AreEqual(2u, id);
    }

    [TestMethod]
    public void The_transformer_knows_its_model_and_feature_column()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label").Fit(View(Rows)).Transform(View(Rows));
        using var classifier = _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("LabelKey", "X").Fit(keyed);

        Assert.AreEqual("X: Vector<Single, 3>, 3 classes", Describe(classifier));
    }

    [TestMethod]
    public void Features_of_another_size_are_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Train().Transform(_ml.Data.LoadFromEnumerable<Small>([])));

        StringAssert.StartsWith(error.Message, "Schema mismatch for feature column 'X': expected Vector<Single, 3>, got Vector<Single, 2>");
    }

    private EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Chain(ValueToKeyMappingEstimator.KeyOrdinality order) =>
        _ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label", keyOrdinality: order)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("LabelKey", "X", l1Regularization: 0, l2Regularization: 0.1f));

    private TransformerChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Train(
        ValueToKeyMappingEstimator.KeyOrdinality order = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence) => Chain(order).Fit(View(Rows));

    private IDataView View(Coloured[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private ColourScore[] Scored(ITransformer model, Coloured[] rows) =>
        [.. _ml.Data.CreateEnumerable<ColourScore>(model.Transform(View(rows)), reuseRowObject: false)];

    private static string Describe<TClassifier>(TClassifier classifier)
        where TClassifier : ISingleFeaturePredictionTransformer<MaximumEntropyModelParameters> =>
        $"{classifier.FeatureColumnName}: {classifier.FeatureColumnType}, {classifier.Model.GetBiases().Count()} classes";

    private static string Names(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(kind, ref names);
        return string.Join('|', names.DenseValues());
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }

    private sealed class Coloured
    {
        public string Label { get; set; } = "";

        [VectorType(3)]
        public float[] X { get; set; } = [];
    }

    private sealed class ColourScore
    {
        public uint LabelKey { get; set; }

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Nothing
    {
    }

    private sealed class Small
    {
        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] X { get; set; } = [];
    }
}
