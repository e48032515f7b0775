using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ScoredDataViewTests
{
    private static readonly string[] Colors = ["red", "green", "blue"];
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Text_labels_scores_ids_and_weights_are_read()
    {
        var rows = ScoredDataView.Read(
            View([new("green", [.1f, .7f, .2f]) { Path = "1.png", Importance = 2 }, new("", [1, 0, 0]) { Path = "" },
                new("pink", [0, 0, 1])], Colors),
            idColumn: "Path", weightColumn: "Importance");

        CollectionAssert.AreEqual(Colors, rows.Labels.ToArray());
        Assert.AreEqual(1, rows.Label(0));
        Assert.AreEqual((double).7f, rows.Scores(0)[1]);
        Assert.AreEqual("1.png", rows.Id(0));
        Assert.AreEqual(2, rows.Weight(0));
        Assert.IsNull(rows.Id(1));
        Assert.AreEqual(RowState.MissingLabel, rows.State(1));
        Assert.AreEqual("pink", rows.LabelText(2));
    }

    // MapValueToKey numbers the values as they occur: blue is key 1, but score 3.
    [TestMethod]
    public void A_key_in_another_order_than_the_scores_is_matched_by_name()
    {
        var view = View([new("blue", [0, 0, 1]), new("red", [1, 0, 0]), new("green", [0, 1, 0])], Colors);
        var keyed = Ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        var rows = ScoredDataView.Read(keyed);

        Assert.AreEqual(2, rows.Label(0));
        Assert.AreEqual(1, ClassificationEvaluation.Of(rows)[LabelMetrics.Accuracy]);
    }

    [TestMethod]
    public void Without_slot_names_the_key_values_of_the_label_are_the_classes()
    {
        var view = View([new("blue", [0, 0, 1]), new("red", [1, 0, 0]), new("green", [0, 1, 0])], null);
        var keyed = Ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

        CollectionAssert.AreEqual(new[] { "blue", "red", "green" }, ScoredDataView.Read(keyed).Labels.ToArray());
    }

    [TestMethod]
    public void A_key_that_is_missing_is_a_missing_label()
    {
        var known = View([new("blue", [0, 0, 1]), new("red", [1, 0, 0])], Colors);
        var unseen = View([new("grey", [0, 0, 1])], Colors);
        var keyed = Ml.Transforms.Conversion.MapValueToKey("Label").Fit(known).Transform(unseen);

        Assert.AreEqual(1, ScoredDataView.Read(keyed).Counts.MissingLabel);
    }

    [TestMethod]
    public void Numbers_are_names_where_the_classes_are_numbers_and_indices_where_not()
    {
        IDataView Digits(params string[] names) =>
            View([new("", [0, 1]) { Digit = 7 }, new("", [0, 1]) { Digit = 1 }, new("", [0, 1]) { Digit = float.NaN }], names);

        var byName = ScoredDataView.Read(Digits("1", "7"), labelColumn: "Digit");
        CollectionAssert.AreEqual(new[] { 1, 0, ScoredRows.MissingLabel }, Enumerable.Range(0, 3).Select(byName.Label).ToArray());
        var byIndex = ScoredDataView.Read(Digits("cat", "dog"), labelColumn: "Digit");
        CollectionAssert.AreEqual(
            new[] { ScoredRows.UnknownLabel, 1, ScoredRows.MissingLabel }, Enumerable.Range(0, 3).Select(byIndex.Label).ToArray());
        Assert.AreEqual("7", byIndex.LabelText(0));
    }

    [TestMethod]
    public void Given_class_names_go_before_all_others() =>
        CollectionAssert.AreEqual(
            new[] { "a", "b", "c" }, ScoredDataView.Read(View([new("a", [1, 0, 0])], Colors), classNames: ["a", "b", "c"]).Labels.ToArray());

    [TestMethod]
    public void A_view_that_does_not_fit_is_refused_with_the_reason()
    {
        var view = View([new("red", [1, 0, 0]) { Importance = -1 }], Colors);
        string Refusal(Action read) => Assert.ThrowsExactly<ArgumentException>(read).Message;

        StringAssert.Contains(Refusal(() => ScoredDataView.Read(view, labelColumn: "Truth")),
            "no column 'Truth' for the true classes; the columns are 'Label', 'Score'");
        StringAssert.Contains(Refusal(() => ScoredDataView.Read(view, scoreColumn: "Label")),
            "Column 'Label' is of type String; a vector of Single or Double");
        StringAssert.Contains(Refusal(() => ScoredDataView.Read(view, labelColumn: "Score")), "Column 'Score' is of type Vector<Single, 3>");
        StringAssert.Contains(Refusal(() => ScoredDataView.Read(view, idColumn: "Digit")), "Column 'Digit' is of type Single; text");
        StringAssert.Contains(Refusal(() => ScoredDataView.Read(View([new("red", [1, 0])], null))), "Nothing tells the 2 class names");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ScoredDataView.Read(view, weightColumn: "Importance")).Message,
            "Row 0 has the weight -1");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ScoredDataView.Read(view, classNames: ["a"])).Message,
            "Row 0 has 3 scores");
    }

    // E1 of the measured behaviour of ML.NET's evaluator.
    [TestMethod]
    public void What_ML_NET_says_of_six_rows()
    {
        var rows = ScoredRows.Of(
            Colors, ["red", "red", "green", "green", "blue", "blue"],
            [[.7, .2, .1], [.4, .5, .1], [.1, .8, .1], [.2, .2, .6], [.1, .2, .7], [.3, .3, .4]]);
        var metrics = ScoredDataView.Evaluate(Ml, rows)!;

        Assert.AreEqual(2 / 3.0, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual(2 / 3.0, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(.7297521316382064, metrics.LogLoss, 1e-12);
        Assert.AreEqual(.335750984068353, metrics.LogLossReduction, 1e-12);
        Assert.AreEqual(5 / 6.0, metrics.TopKAccuracy[1], 1e-12);
        Assert.HasCount(3, metrics.TopKAccuracy);
    }

    [TestMethod]
    public void ML_NET_counts_unknown_labels_as_wrong_and_passes_over_missing_ones()
    {
        var metrics = ScoredDataView.Evaluate(Ml, ScoredRows.Of(Colors, ["red", "pink", null], [[.8, .1, .1], [.8, .1, .1], [.8, .1, .1]]))!;
        Assert.AreEqual(.5, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Where_ML_NET_has_no_answer_there_is_none()
    {
        Assert.IsNull(ScoredDataView.Evaluate(Ml, ScoredRows.Of(["red"], ["red"], [[1]])));
        Assert.IsNull(ScoredDataView.Evaluate(Ml, ScoredRows.Of(Colors, ["pink"], [[-1, -2, -3]])));
    }

    private static IDataView View(IEnumerable<Row> rows, string[]? slotNames)
    {
        Row[] all = [.. rows];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, all[0].Score.Length);
        if (slotNames is not null)
        {
            var names = new VBuffer<ReadOnlyMemory<char>>(slotNames.Length, [.. slotNames.Select(name => name.AsMemory())]);
            schema["Score"].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, slotNames.Length));
        }

        return Ml.Data.LoadFromEnumerable(all, schema);
    }

    private sealed class Row(string label, float[] score)
    {
        public string Label { get; set; } = label;

        public float[] Score { get; set; } = score;

        public string Path { get; set; } = "";

        public float Importance { get; set; } = 1;

        public float Digit { get; set; }
    }
}
