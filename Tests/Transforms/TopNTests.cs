using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class TopNTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    public void The_best_classes_come_as_three_columns_and_as_records()
    {
        var top = Top([new() { Scores = [0.2f, 0.5f, 0.3f] }], Context.Transforms.TopN("Top", "Scores", 2, ["cat", "dog", "owl"]));

        Assert.AreEqual("dog owl", top.Lines("Top.Label").Single());
        Assert.AreEqual("0.5 0.3", top.Lines("Top.Probability").Single());
        Assert.AreEqual("1 2", top.Lines("Top.Index").Single());
        Prediction[] expected = [new("dog", 0.5f, 1), new("owl", 0.3f, 2)];
        CollectionAssert.AreEqual(expected, top.ReadTopN("Top").Single().ToArray());
    }

    [TestMethod]
    public void A_row_of_NaN_names_no_class()
    {
        var top = Top([new() { Scores = [float.NaN, float.NaN, float.NaN] }], Context.Transforms.TopN("Top", "Scores", 2));

        Assert.AreEqual("'' ''", top.Lines("Top.Label").Single());
        Assert.AreEqual("NaN NaN", top.Lines("Top.Probability").Single());
        Assert.AreEqual("-1 -1", top.Lines("Top.Index").Single());
    }

    [TestMethod]
    public void Without_names_the_indices_are_the_labels() =>
        Assert.AreEqual("2 1 0", Top([new() { Scores = [1, 2, 3] }], Context.Transforms.TopN("Top", "Scores", 9)).Lines("Top.Label").Single());

    [TestMethod]
    [DataRow("SlotNames")]
    [DataRow("TrainingLabelValues")]
    [DataRow("KeyValues")]
    public void Names_come_from_the_annotations_of_the_scores(string kind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        VBuffer<ReadOnlyMemory<char>> names = new(3, ["cat".AsMemory(), "".AsMemory(), "owl".AsMemory()]);
        annotations.Add(kind, new VectorDataViewType(TextDataViewType.Instance, 3), (ref VBuffer<ReadOnlyMemory<char>> value) =>
            names.CopyTo(ref value));

        Assert.AreEqual("cat 1 owl", Labels(annotations));
    }

    [TestMethod]
    public void Names_may_be_numbers()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("TrainingLabelValues", new VectorDataViewType(NumberDataViewType.Single, 3), (ref VBuffer<float> value) =>
            value = new(3, [7, 1.5f, 9]));

        Assert.AreEqual("7 1.5 9", Labels(annotations));
    }

    [TestMethod]
    public void A_wrong_number_of_labels_is_refused_with_both_numbers() => Assert.Contains(
        "2 labels and column 'Scores' has 3 scores",
        Assert.ThrowsExactly<ArgumentException>(() => Top([new()], Context.Transforms.TopN("Top", "Scores", 1, ["a", "b"]))).Message);

    [TestMethod]
    public void Scores_of_another_number_of_classes_are_refused()
    {
        var transformer = Context.Transforms.TopN("Top", "Scores", 2).Fit(SampleRows.View(Context));
        var other = Context.Transforms.CopyColumns("Scores", "Pixels").Fit(SampleRows.View(Context)).Transform(SampleRows.View(Context));

        Assert.Contains("a vector of 3 Single", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => transformer.Transform(other)).Message);
    }

    [TestMethod]
    public void At_least_one_class_must_be_asked_for() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Transforms.TopN("Top", "Scores", 0));

    [TestMethod]
    public void Records_are_read_lazily()
    {
        var spy = new SpyView(SampleRows.View(Context));
        var best = Context.Transforms.TopN("Top", "Scores", 2).Fit(spy).Transform(spy).ReadTopN("Top");

        Assert.AreEqual(0, spy.RowsRead);
        Assert.HasCount(2, best.First());
        Assert.IsLessThan(SampleRows.All.Count, spy.RowsRead);
    }

    private static IDataView Top(Row[] rows, TopNEstimator estimator)
    {
        var data = Context.Data.LoadFromEnumerable(rows);
        return estimator.Fit(data).Transform(data);
    }

    private static string Labels(DataViewSchema.Annotations.Builder annotations)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Scores", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        return string.Join(' ', Context.Transforms.TopN("Top", "Scores").Fit(new RowlessView(schema.ToSchema())).Labels);
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Scores { get; set; } = [0, 0, 0];
    }
}
