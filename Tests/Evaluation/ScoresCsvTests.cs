using System.Text;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ScoresCsvTests
{
    [TestMethod]
    public void Columns_may_stand_in_any_order_and_class_columns_are_the_classes_in_theirs()
    {
        var rows = Read("dog,weight,label,cat,id\n0.25,2,cat,0.75,a.png\n1,0.5,dog,0,\n");

        CollectionAssert.AreEqual(new[] { "dog", "cat" }, rows.Labels.ToArray());
        Assert.AreEqual("cat", rows.LabelText(0));
        Assert.AreEqual(.75, rows.Scores(0)[1]);
        Assert.AreEqual("a.png", rows.Id(0));
        Assert.IsNull(rows.Id(1));
        Assert.AreEqual(.5, rows.Weight(1));
    }

    [TestMethod]
    public void What_is_written_reads_back_equal()
    {
        using var folder = new TemporaryFolder();
        var rows = ScoredRows.Of(
            ["a,b", "say \"c\"", " d", "é\n"],
            ["a,b", "stranger", null, " d"],
            [[.1, 1 / 3.0, double.Epsilon, .1f], [1e300, -0.0, 0, 1], [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0],
                [Math.PI, Math.E, 1e-5, 123456789.125]],
            ["folder/1.png", null, "x\ty", "z"],
            [1, .1, 0, 1e-9]);

        foreach (var name in new[] { "scores.csv", "scores.tsv" })
        {
            ScoresCsv.Write(rows, folder[name]);
            var read = ScoresCsv.Read(folder[name]);

            CollectionAssert.AreEqual(rows.Labels.ToArray(), read.Labels.ToArray());
            Assert.AreEqual(rows.Counts, read.Counts);
            for (var row = 0; row < rows.Count; row++)
            {
                CollectionAssert.AreEqual(rows.Scores(row).ToArray(), read.Scores(row).ToArray());
                Assert.AreEqual(rows.LabelText(row), read.LabelText(row));
                Assert.AreEqual(rows.Id(row), read.Id(row));
                Assert.AreEqual(rows.Weight(row), read.Weight(row));
            }
        }
    }

    // 0.1 + 0.2 and its neighbours differ in the last bit: a reader that rounds wrongly confuses them.
    [TestMethod]
    public void Numbers_are_read_to_the_last_bit()
    {
        var rows = Read("label,a,b,c\na,0.30000000000000004,0.3,0.29999999999999999\nb,2.2250738585072011e-308,9007199254740993,8.5e-1\n");

        Assert.AreEqual(.1 + .2, rows.Scores(0)[0]);
        Assert.AreEqual(.3, rows.Scores(0)[1]);
        Assert.AreEqual(.3, rows.Scores(0)[2]);
        Assert.AreEqual(2.2250738585072011e-308, rows.Scores(1)[0]);
        Assert.AreEqual(9007199254740992.0, rows.Scores(1)[1]);
    }

    [TestMethod]
    public void A_byte_order_mark_and_Windows_line_ends_are_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["scores.csv"], "label,cat\r\ncat,1\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.AreEqual(1, ScoresCsv.Read(folder["scores.csv"]).Counts.Used);
    }

    [TestMethod, DataRow('\t'), DataRow(';'), DataRow('|')]
    public void A_file_separated_otherwise_than_its_name_says_is_read_all_the_same(char separator) =>
        Assert.AreEqual(.75, Read($"label,cat,dog\ncat,0.75,0.25\n".Replace(',', separator)).Scores(0)[0]);

    [TestMethod]
    public void Scores_that_are_no_finite_numbers_are_kept_and_counted()
    {
        var rows = Read("label,cat,dog\ncat,NaN,0.5\ncat,nan,0.5\ncat,inf,0\ncat,-Infinity,0\ncat,,1\ncat,1,0\n,1,0\neel,0,1\n");
        Assert.AreEqual(new RowCounts(Used: 1, UnknownLabel: 1, MissingLabel: 1, InvalidScores: 5), rows.Counts);
    }

    [TestMethod]
    public void A_header_alone_is_no_rows() => Assert.AreEqual(0, Read("label,cat,dog\n").Count);

    [TestMethod]
    [DataRow("", "is empty; a CSV of scores begins with a header")]
    [DataRow("cat,dog\n1,0\n", "no column 'label'; the columns are 'cat', 'dog'")]
    [DataRow("Label,cat\ncat,1\n", "Rename 'Label' to 'label'")]
    [DataRow("label,id\ncat,a\n", "no column of a class; besides 'label', 'id'")]
    [DataRow("label,cat,cat\ncat,1,0\n", "2 columns are named 'cat'")]
    [DataRow("label,label,cat\ncat,cat,1\n", "2 columns are named 'label'")]
    [DataRow("label,cat,\ncat,1,0\n", "column 3 has no name")]
    [DataRow("label,cat,dog\ncat,1,0\ncat,1\n", "line 3: 2 fields, but the header has 3 columns")]
    [DataRow("label,cat,dog\ncat,1,0,0\n", "line 2: 4 fields, but the header has 3 columns")]
    [DataRow("label,cat,dog\ncat,1,none\n", "line 2, column 'dog': 'none' is not a number")]
    [DataRow("label,cat,dog\ncat,\"0,5\",0\n", "line 2, column 'cat': '0,5' is not a number")]
    [DataRow("label,cat,ID\ncat,1,a.png\n", "'a.png' is not a number; if the column is not the class 'ID', name it 'id'")]
    [DataRow("label,cat,weight\ncat,1,-1\n", "line 2, column 'weight': '-1' is no weight")]
    [DataRow("label,cat,weight\ncat,1,\n", "line 2, column 'weight': '' is no weight")]
    [DataRow("label,cat,id\nid,1,0.5\n", "line 2: the label is 'id', but the column 'id' holds the ids of the rows")]
    [DataRow("label,cat\n\"cat,1\n", "line 2")]
    public void What_is_no_table_of_scores_is_refused_with_place_and_reason(string content, string reason)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Read(content)).Message;
        StringAssert.Contains(message, reason);
        StringAssert.Contains(message, "scores.csv");
    }

    [TestMethod]
    public void A_missing_file_is_named() =>
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => ScoresCsv.Read("nowhere.csv")).Message,
            "There is no file 'nowhere.csv'");

    [TestMethod, DataRow("label"), DataRow("id"), DataRow("weight")]
    public void A_class_with_the_name_of_another_column_is_not_written(string name)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.ThrowsExactly<ArgumentException>(() => ScoresCsv.Write(ScoredRows.Of([name], [], []), folder["scores.csv"]));

        StringAssert.Contains(refusal.Message, $"A class is named '{name}'");
        Assert.IsEmpty(folder.FileNames());
    }

    private static ScoredRows Read(string content)
    {
        using var folder = new TemporaryFolder();
        return ScoresCsv.Read(folder.Write("scores.csv", content));
    }
}
