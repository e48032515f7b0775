using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLPipelines.Tests.Engine.Evaluation;

/// <summary>Which columns the evaluator takes, and what it says of others. Case names as in <see cref="MulticlassEvaluateTests"/>.</summary>
[TestClass]
public sealed class EvaluateColumnsTests
{
    private static readonly (uint, float[])[] TwoRows = [(1, [0.9f, 0.1f]), (2, [0.9f, 0.1f])];

    private readonly MLContext _ml = new();

    [TestMethod]
    public void E13_labels_may_be_class_indices_and_those_that_are_none_are_left_out()
    {
        NumberLabel[] rows =
        [
            new(0, [0.7f, 0.2f, 0.1f]), new(1, [0.1f, 0.8f, 0.1f]), new(2, [0.7f, 0.2f, 0.1f]),
            new(-1, [0.7f, 0.2f, 0.1f]), new(0.5f, [0.7f, 0.2f, 0.1f]), new(float.NaN, [0.7f, 0.2f, 0.1f]),
        ];
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows), topKPredictionCount: 2);

        Assert.AreEqual(0.6666666666666666, metrics.MicroAccuracy);
        Assert.AreEqual(0.9608011918248548, metrics.LogLoss);
        Assert.AreEqual(0.1254410662112006, metrics.LogLossReduction);
        CollectionAssert.AreEqual(new[] { 0.35667496096863105, 0.22314353641304868, 2.3025850780928847 }, metrics.PerClassLogLoss.ToArray());
        CollectionAssert.AreEqual(new[] { 2 / 3d, 2 / 3d }, metrics.TopKAccuracyForAllK.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 0, 0 }, metrics.ConfusionMatrix.Counts[2].ToArray());
    }

    [TestMethod]
    public void E14_a_single_score_is_refused() => Refuses(
        "Schema mismatch for score column 'Score': expected vector of two or more items of type Single, got Vector<Single, 1>",
        ScoredRow.View(1, 2, []));

    [TestMethod]
    public void E15_a_row_with_another_number_of_scores_than_the_column_says_is_an_error() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.Evaluate(ScoredRow.View(3, 3, [(1, [0.5f, 0.5f])])));

    [TestMethod]
    public void E16_the_scores_decide_and_not_the_PredictedLabel_column()
    {
        // ScoredRow always says that the first class is predicted.
        var metrics = ScoredRow.Evaluate(3, 3, [(1, [0.1f, 0.2f, 0.7f]), (2, [0.1f, 0.8f, 0.1f])]);

        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        Assert.AreEqual(1.2628643072529666, metrics.LogLoss);
        Assert.AreEqual(-0.8219280733895312, metrics.LogLossReduction);
        CollectionAssert.AreEqual(new double[] { 0, 0, 1 }, metrics.ConfusionMatrix.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 0, 1, 0 }, metrics.ConfusionMatrix.Counts[1].ToArray());
    }

    [TestMethod]
    public void E17_a_plain_integer_label_is_refused() => Refuses(
        "Schema mismatch for label column 'Label': expected Single or Key, got UInt32",
        _ml.Data.LoadFromEnumerable<PlainLabel<uint>>([new(1)]));

    [TestMethod]
    public void E18_a_text_label_is_refused() => Refuses(
        "Schema mismatch for label column 'Label': expected Single or Key, got String",
        _ml.Data.LoadFromEnumerable<PlainLabel<string>>([new("a")]));

    [TestMethod]
    public void E19_a_column_called_Weight_weighs_nothing()
    {
        var rows = TwoRows.Select((row, index) => (row.Item1, row.Item2, Weight: index == 0 ? 100f : 1f)).ToArray();
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        definition["Label"].ColumnType = definition["PredictedLabel"].ColumnType = new KeyDataViewType(typeof(uint), 2);
        definition["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var view = _ml.Data.LoadFromEnumerable(
            rows.Select(row => new ScoredRow { Label = row.Item1 - 1, Score = row.Item2, Weight = row.Weight }), definition);
        var metrics = _ml.MulticlassClassification.Evaluate(view);

        Assert.AreEqual(0.5, metrics.MicroAccuracy);
        Assert.AreEqual(1.2039728101208322, metrics.LogLoss);
        Assert.AreEqual(-0.7369656025264743, metrics.LogLossReduction);
        CollectionAssert.AreEqual(new[] { 0.10536054214877988, 2.3025850780928847 }, metrics.PerClassLogLoss.ToArray());
    }

    // E22 in ML.NET swaps name and role: “Nope column 'Label' not found”.
    [TestMethod]
    [DataRow("Label", "Score", "Nope", "PredictedLabel column 'Nope' not found", DisplayName = "E20")]
    [DataRow("Label", "Nope", "PredictedLabel", "Score column 'Nope' not found", DisplayName = "E21")]
    [DataRow("Nope", "Score", "PredictedLabel", "Label column 'Nope' not found", DisplayName = "E22")]
    public void E20_to_E22_a_missing_column_is_named(string label, string score, string predicted, string message)
    {
        if (label == "Nope")
            EmbeddedEngine.Require("name and role are swapped.");
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Evaluate(ScoredRow.View(2, 2, TwoRows), label, score, predicted));

        Assert.AreEqual($"{message} (Parameter 'schema')", error.Message);
    }

    [TestMethod]
    public void E11d_a_negative_K_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Evaluate(ScoredRow.View(2, 2, TwoRows), topKPredictionCount: -1));

        StringAssert.StartsWith(error.Message, "Must be non-negative (Parameter 'topKPredictionCount')");
    }

    // ML.NET says nothing.
    [TestMethod]
    public void Rows_left_out_or_beyond_the_classes_are_told_in_the_log()
    {
        EmbeddedEngine.Require("it says nothing.");
        var warnings = new List<string>();
        _ml.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        _ml.MulticlassClassification.Evaluate(
            ScoredRow.View(2, 3, [.. TwoRows, (0, [0.5f, 0.5f]), (1, [float.NaN, 0]), (1, [0, float.NaN]), (3, [0, 1])]));

        CollectionAssert.AreEqual(
            new[]
            {
                "1 row left out of the evaluation: the label is missing, negative or fractional.",
                "2 rows left out of the evaluation: a score is NaN or infinite.",
                "1 row counted as wrong: the label is beyond the 2 classes of the scores.",
            },
            warnings);
    }

    private void Refuses(string message, IDataView data)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(data));

        Assert.AreEqual($"{message} (Parameter 'schema')", error.Message);
    }

    private sealed class NumberLabel(float label, float[] score)
    {
        public float Label => label;

        [VectorType(3)]
        public float[] Score => score;

        public uint PredictedLabel { get; }
    }

    private sealed class PlainLabel<TLabel>(TLabel label)
    {
        public TLabel Label => label;

        [VectorType(2)]
        public float[] Score { get; } = [0.5f, 0.5f];

        public uint PredictedLabel { get; }
    }
}
