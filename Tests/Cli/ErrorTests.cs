namespace MLPipelines.Tests.Cli;

[TestClass]
public sealed class ErrorTests
{
    private const string Table = "label,cat,dog\ncat,0.9,0.1\ndog,0.2,0.8\n";

    [TestMethod]
    [DataRow("evaluate", "--scores", "no-such.csv", 4, "no-such.csv")]
    [DataRow("train", "no-such-folder", "--out=x.mlbundle", 4, "no-such-folder")]
    [DataRow("predict", "no-such.mlbundle", "cat.png", 5, "no-such.mlbundle")]
    [DataRow("import", "no-such.onnx", "--out=x.mlbundle", 5, "no-such.onnx")]
    [DataRow("doctor", "--no-such-option", "", 2, "--no-such-option")]
    [DataRow("evaluate", "only-a-bundle.mlbundle", "", 2, "BUNDLE and DATA")]
    public void A_wrong_word_gives_one_line_that_names_it_and_its_exit_code(string command, string first, string second, int code, string named)
    {
        var result = Mlp.Run([.. new[] { command, first, second }.Where(word => word.Length > 0)]);

        Assert.AreEqual(code, result.ExitCode, result.Error);
        Assert.Contains(named, result.ErrorLine);
        Assert.AreEqual("", result.Output);
    }

    [TestMethod]
    [DataRow("text,cat,dog\ncat,0.9,0.1\n", "label")]
    [DataRow("label\ncat\n", "class")]
    [DataRow("label,cat,dog\ncat,0.9,many\n", "many")]
    [DataRow("label,cat,dog\ncat,0.9\n", "line 2")]
    [DataRow("", "empty")]
    public void A_table_of_scores_that_is_none_is_bad_data(string text, string named)
    {
        using var folder = new TemporaryFolder();

        var result = Mlp.Run("evaluate", "--scores", folder.Write("scores.csv", text), "--report", folder["report.html"]);

        Assert.AreEqual(4, result.ExitCode, result.Error);
        Assert.Contains(named, result.ErrorLine, StringComparison.OrdinalIgnoreCase);
        Assert.IsFalse(File.Exists(folder["report.html"]));
    }

    [TestMethod]
    public void Rows_with_NaN_scores_are_counted_and_left_out()
    {
        using var folder = new TemporaryFolder();
        var scores = folder.Write("scores.csv", Table + "cat,NaN,0.5\nbird,0.5,0.5\n,0.5,0.5\n");

        var result = Mlp.Succeeds("evaluate", "--scores", scores);

        Assert.Contains("5 rows read: 2 used, 1 left out: unknown label, 1 left out: no label, 1 left out: invalid scores", result.Output);
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_an_error_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        var scores = folder.Write("scores.csv", Table);

        var result = Mlp.Run("evaluate", "--scores", scores, "--report", Path.Combine(scores, "report.html"));

        Assert.AreEqual(1, result.ExitCode, result.Error);
        Assert.Contains("report.html", result.ErrorLine);
        CollectionAssert.AreEqual(new[] { scores }, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Text_instead_of_a_model_cannot_be_loaded()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("model.mlbundle", "not a model");

        var result = Mlp.Run("predict", text, text);

        Assert.AreEqual(5, result.ExitCode, result.Error);
        Assert.Contains("model.mlbundle", result.ErrorLine);
    }

    [TestMethod]
    public void Doctor_finds_everything()
    {
        var json = Mlp.Succeeds("doctor", "--json").Json;

        Assert.AreEqual(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.IsTrue(json.GetProperty("ok").GetBoolean());
    }
}
