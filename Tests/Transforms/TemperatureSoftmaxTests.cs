using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class TemperatureSoftmaxTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    public void A_fitted_temperature_is_the_arithmetic_s()
    {
        var usable = SampleRows.All.Where(row => !float.IsNaN(row.Scores[0])).ToArray();
        var expected = TemperatureScaling.Fit(usable.SelectMany(row => row.Scores).ToArray(), usable.Select(row => (int)row.Label).ToArray());
        var transformer = Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label").Fit(SampleRows.View(Context));

        Assert.AreEqual(expected.Temperature, transformer.Temperature);
        Assert.AreEqual(1, transformer.Fit!.RowsIgnored);
        Assert.AreEqual(149, transformer.Fit.RowsUsed);
    }

    [TestMethod]
    public void A_label_may_be_the_index_of_the_class()
    {
        var indexed = Context.Data.LoadFromEnumerable(SampleRows.All.Select(row => new Indexed { Scores = row.Scores, Label = row.Label }));
        var byIndex = Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label").Fit(indexed);
        var byKey = Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label").Fit(SampleRows.View(Context));

        Assert.AreEqual(byKey.Temperature, byIndex.Temperature);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    public void Rows_without_a_class_are_ignored(float label)
    {
        var rows = Context.Data.LoadFromEnumerable<Indexed>(
            [new() { Scores = [1, 0, 0] }, new() { Scores = [1, 0, 0], Label = 1 }, new() { Scores = [1, 2, 3], Label = label }]);
        var fit = Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label").Fit(rows).Fit!;

        Assert.AreEqual(2, fit.RowsUsed);
        Assert.AreEqual(1, fit.RowsIgnored);
    }

    [TestMethod]
    public void No_rows_are_an_error() => Assert.Contains("no rows", Assert.ThrowsExactly<InvalidDataException>(
        () => Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label")
            .Fit(Context.Data.LoadFromEnumerable<Indexed>([]))).Message);

    [TestMethod]
    public void A_label_of_text_is_refused_with_the_way_to_a_key() =>
        Assert.Contains("MapValueToKey", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Id").Fit(SampleRows.View(Context))).Message);

    [TestMethod]
    public void Scoring_does_not_need_the_label()
    {
        var transformer = Context.Transforms.TemperatureSoftmax("P", "Scores", labelColumnName: "Label").Fit(SampleRows.View(Context));
        var unlabelled = Context.Transforms.DropColumns("Label").Fit(SampleRows.View(Context)).Transform(SampleRows.View(Context));

        Assert.HasCount(150, transformer.Transform(unlabelled).Lines("P"));
    }

    [TestMethod]
    public void Probabilities_keep_the_names_of_their_classes()
    {
        var scored = Context.Transforms.ScoreOnnx("Score", "Pixels", SampleRows.Model(), new() { Labels = ["cat", "dog", "owl"] })
            .Append(Context.Transforms.TemperatureSoftmax("Score", temperature: 2)).Fit(SampleRows.View(Context)).Transform(SampleRows.View(Context));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].Annotations.GetValue("SlotNames", ref names);

        Assert.AreEqual("cat dog owl", string.Join(' ', names.DenseValues()));
    }

    [TestMethod]
    public void The_best_class_stays_the_best()
    {
        var source = SampleRows.View(Context);
        string[] Best(double temperature) => Context.Transforms.TemperatureSoftmax("P", "Scores", temperature)
            .Append(Context.Transforms.TopN("Top", "P", 3)).Fit(source).Transform(source).Lines("Top.Label");

        // Row 70 is NaN; and at the lowest temperature the two losing classes may both come to be 0.
        CollectionAssert.AreEqual(Best(0.5).Select(labels => labels[0]).ToArray(), Best(50).Select(labels => labels[0]).ToArray());
    }

    private sealed class Indexed
    {
        [VectorType(3)]
        public float[] Scores { get; set; } = [];

        public float Label { get; set; }
    }
}
