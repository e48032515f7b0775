using MLPipelines.Evaluation;
using MLPipelines.Learning;
using MLPipelines.Tests.Learning;
using MLPipelines.Tests.Learning.Training;

namespace MLPipelines.Tests.Evaluation;

/// <summary>A training history in the forms that other programs read.</summary>
[TestClass]
public sealed class TrainingHistoryFileTests
{
    private static TrainingHistory Sample => SampleHistories.Of(["cat", "dog"], 3);

    [TestMethod]
    public void The_table_has_a_row_per_epoch_and_a_column_per_metric_by_its_name()
    {
        var lines = Csv(Sample with { Epochs = [.. Sample.Epochs.Select(epoch => epoch with { Training = new(1.0 / 3, epoch.Training.Confusion) })] });

        Assert.AreEqual(
            "epoch,learning_rate,seconds,samples_per_second,loss,accuracy,f1_macro,precision_macro,recall_macro,"
            + "val_loss,val_accuracy,val_f1_macro,val_precision_macro,val_recall_macro,"
            + "f1[cat],precision[cat],recall[cat],f1[dog],precision[dog],recall[dog],"
            + "val_f1[cat],val_precision[cat],val_recall[cat],val_f1[dog],val_precision[dog],val_recall[dog]",
            lines[0]);
        Assert.HasCount(4, lines);

        // Epoch 3 of 3: of 40 cats 40 · 1/2 · 0.2 = 4 are called dog, of 40 dogs 8 are called cat.
        var last = Row(lines, 3);
        Assert.AreEqual("3", last["epoch"]);
        Assert.AreEqual("0.3333333333333333", last["loss"]);
        Assert.AreEqual("0.85", last["accuracy"]);
        Assert.AreEqual("0.9", last["recall[cat]"]);
        Assert.AreEqual((36.0 / 44).ToString("R", System.Globalization.CultureInfo.InvariantCulture), last["precision[cat]"]);
        Assert.AreEqual("0.8", last["val_recall[dog]"]);
    }

    [TestMethod]
    public void What_is_undefined_is_an_empty_field_and_without_validation_there_are_no_columns_of_it()
    {
        var history = SampleHistories.Of(["cat", "dog", "owl"], 1, validation: false);
        var seen = new ConfusionCounts(3);
        seen.Add(0, 0, 5);

        var lines = Csv(history with { Epochs = [history.Epochs[0] with { Training = new(double.NaN, seen) }] });

        Assert.DoesNotContain("val_", lines[0]);
        var row = Row(lines, 1);
        Assert.AreEqual(("", "1", "", ""), (row["loss"], row["f1[cat]"], row["f1[dog]"], row["recall[owl]"]));
    }

    [TestMethod]
    public void Weights_of_classes_have_columns_where_there_are_any()
    {
        var lines = Csv(Sample with { Epochs = [Sample.Epochs[0], .. Sample.Epochs.Skip(1).Select(epoch => epoch with { ClassWeights = [0.5, 1.5] })] });

        Assert.EndsWith(",class_weight[cat],class_weight[dog]", lines[0]);
        Assert.AreEqual(("", "1.5"), (Row(lines, 1)["class_weight[cat]"], Row(lines, 2)["class_weight[dog]"]));
    }

    [TestMethod]
    public void Names_of_classes_are_quoted_where_a_table_needs_it()
    {
        var history = SampleHistories.Of(["a,b", "say \"hi\"", "two\nlines"], 1, validation: false);

        using var folder = new TemporaryFolder();
        TrainingHistoryCsv.Write(history, folder["history.csv"]);

        var text = File.ReadAllText(folder["history.csv"]);
        Assert.Contains(",\"f1[a,b]\",", text);
        Assert.Contains(",\"f1[say \"\"hi\"\"]\",", text);
        Assert.Contains(",\"f1[two\nlines]\",", text);
    }

    [TestMethod]
    [DataRow("history.json", "{"), DataRow("history.csv", "epoch,learning_rate"), DataRow("history.TSV", "epoch\tlearning_rate"), DataRow("history.html", "<!DOCTYPE html>")]
    public void The_name_of_the_file_says_its_form(string name, string start)
    {
        using var folder = new TemporaryFolder();

        TrainingHistoryFile.Write(Sample, folder[name]);

        Assert.IsTrue(TrainingHistoryFile.Knows(name));
        Assert.StartsWith(start, File.ReadAllText(folder[name]));
        CollectionAssert.AreEqual(new[] { name }, folder.FileNames());
    }

    [TestMethod]
    public void What_a_training_leaves_goes_whole_through_every_form()
    {
        var history = Runs.Of(Runs.Everything).Result.History;
        using var folder = new TemporaryFolder();

        foreach (var extension in TrainingHistoryFile.Extensions)
            TrainingHistoryFile.Write(history, folder[$"history{extension}"]);

        Assert.AreEqual(history.ToJson(), TrainingHistory.Read(folder["history.json"]).ToJson());
        Assert.HasCount(history.Epochs.Count + 1, File.ReadAllLines(folder["history.csv"]));
        Assert.Contains("training, within epochs", File.ReadAllText(folder["history.html"]));
    }

    [TestMethod]
    public void A_form_that_there_is_not_is_refused_with_those_there_are()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TrainingHistoryFile.Write(Sample, "history.xlsx"));

        Assert.IsFalse(TrainingHistoryFile.Knows("history.xlsx"));
        Assert.Contains("'history.xlsx'; the name must end in .json, .csv, .tsv, .html", error.Message);
    }

    [TestMethod]
    [DataRow("history.json"), DataRow("history.csv"), DataRow("history.html")]
    public void A_history_that_contradicts_itself_leaves_the_old_file(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, "old");

        Assert.ThrowsExactly<ArgumentException>(() => TrainingHistoryFile.Write(Sample with { Labels = ["one"] }, folder[name]));

        Assert.AreEqual("old", File.ReadAllText(folder[name]));
    }

    private static string[] Csv(TrainingHistory history)
    {
        using var folder = new TemporaryFolder();
        TrainingHistoryCsv.Write(history, folder["history.csv"]);
        return File.ReadAllLines(folder["history.csv"]);
    }

    private static Dictionary<string, string> Row(string[] lines, int epoch) =>
        lines[0].Split(',').Zip(lines[epoch].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
}
