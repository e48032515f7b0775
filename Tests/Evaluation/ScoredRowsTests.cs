using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ScoredRowsTests
{
    private static readonly string[] CatDog = ["cat", "dog"];

    [TestMethod]
    public void Every_row_is_kept_and_told_why_it_cannot_be_used()
    {
        var rows = ScoredRows.Of(
            CatDog,
            ["cat", "eel", null, "", "dog", "dog", "eel"],
            [[.9, .1], [.5, .5], [.5, .5], [.5, .5], [double.NaN, 1], [double.PositiveInfinity, 0], [double.NaN, 0]]);

        RowState[] expected =
        [
            RowState.Used, RowState.UnknownLabel, RowState.MissingLabel, RowState.MissingLabel, RowState.InvalidScores, RowState.InvalidScores,
            RowState.UnknownLabel,
        ];
        CollectionAssert.AreEqual(expected, Enumerable.Range(0, rows.Count).Select(rows.State).ToArray());
        Assert.AreEqual(new RowCounts(Used: 1, UnknownLabel: 2, MissingLabel: 2, InvalidScores: 2), rows.Counts);
        Assert.AreEqual(7, rows.Counts.Read);
        Assert.AreEqual("eel", rows.LabelText(1));
        Assert.AreEqual(ScoredRows.UnknownLabel, rows.Label(1));
        Assert.IsNull(rows.LabelText(2));
        Assert.AreEqual(ScoredRows.MissingLabel, rows.Label(3));
    }

    [TestMethod]
    public void The_lower_index_is_predicted_among_equal_scores()
    {
        var rows = ScoredRows.Of(["a", "b", "c"], ["a"], [[.2, .4, .4]]);
        Assert.AreEqual(1, rows.Predicted(0));
    }

    [TestMethod]
    public void Ids_and_weights_that_come_late_leave_the_earlier_rows_without_and_with_one()
    {
        var builder = new ScoredRowsBuilder(CatDog);
        builder.Add("cat", [.9, .1]);
        builder.Add("dog", [.2f, .8f], "b.png", 2.5);
        var rows = builder.Build();

        Assert.IsNull(rows.Id(0));
        Assert.AreEqual("b.png", rows.Id(1));
        Assert.AreEqual(1, rows.Weight(0));
        Assert.AreEqual(2.5, rows.Weight(1));
        Assert.AreEqual(.8f, rows.Scores(1)[1]);
    }

    [TestMethod]
    public void Weights_that_are_all_1_are_none() =>
        Assert.IsFalse(ScoredRows.Of(CatDog, ["cat"], [[1, 0]], weights: [1]).HasWeights);

    // 3 classes go into blocks of 262144 rows: two blocks are crossed.
    [TestMethod]
    public void Rows_beyond_a_block_are_where_they_were_put()
    {
        var builder = new ScoredRowsBuilder(["a", "b", "c"]);
        for (var row = 0; row < 600_000; row++)
            builder.Add("a", [row, -row, row + .5]);
        var rows = builder.Build();

        foreach (var row in new[] { 0, 255, 256, 262_143, 262_144, 524_288, 599_999 })
            CollectionAssert.AreEqual(new[] { row, -row, row + .5 }, rows.Scores(row).ToArray());
    }

    [TestMethod]
    public void What_is_no_row_is_refused_with_its_number()
    {
        var builder = new ScoredRowsBuilder(CatDog);
        builder.Add("cat", [1.0, 0]);

        string Refusal(Action add) => Assert.ThrowsExactly<ArgumentException>(add).Message;
        StringAssert.Contains(Refusal(() => builder.Add("cat", [1.0])), "Row 1 has 1 scores; 2 classes need 2");
        StringAssert.Contains(Refusal(() => builder.Add("cat", [1.0, 0], weight: -1)), "Row 1 has the weight -1");
        StringAssert.Contains(Refusal(() => builder.Add("cat", [1.0, 0], weight: double.NaN)), "Row 1 has the weight NaN");
        Assert.AreEqual(1, builder.Build().Count);
    }

    [TestMethod]
    public void Class_names_must_be_there_named_and_unique()
    {
        string Refusal(params string[] labels) => Assert.ThrowsExactly<ArgumentException>(() => new ScoredRowsBuilder(labels)).Message;

        StringAssert.Contains(Refusal(), "No class names were given");
        StringAssert.Contains(Refusal("cat", ""), "Class 1 has no name");
        StringAssert.Contains(Refusal("cat", "dog", "cat"), "Classes 0 and 2 are both named 'cat'");
    }

    [TestMethod]
    public void Arrays_of_different_lengths_are_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => ScoredRows.Of(CatDog, ["cat", "dog"], [[1, 0]])).Message,
        "1 scores were given for 2 true labels");

    [TestMethod]
    public void Merged_rows_keep_everything()
    {
        var first = ScoredRows.Of(CatDog, ["cat", "eel"], [[.9, .1], [.3, .7]], ids: ["a", null]);
        var second = ScoredRows.Of(CatDog, [null], [[double.NaN, 0]], weights: [3]);
        var merged = first.Merge(second);

        Assert.AreEqual(new RowCounts(1, 1, 1, 0), merged.Counts);
        Assert.AreEqual("eel", merged.LabelText(1));
        Assert.AreEqual("a", merged.Id(0));
        Assert.AreEqual(3, merged.Weight(2));
        Assert.ThrowsExactly<ArgumentException>(() => first.Merge(ScoredRows.Of(["dog", "cat"], [], [])));
    }
}
