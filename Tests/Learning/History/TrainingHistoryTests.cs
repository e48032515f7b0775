using System.Text;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>A history as a file: what is written reads back, and nothing else is believed.</summary>
[TestClass]
public sealed class TrainingHistoryTests
{
    private static readonly string[] Hostile = ["</script>", "a,\"b\"", "Ä日本\u2028", "\ud83d\ude00", "f1[x]"];

    private static TrainingHistory Sample => SampleHistories.Of(["cat", "dog", "fox"], 4);

    [TestMethod]
    public void What_is_written_reads_back_digit_for_digit()
    {
        var history = Sample with
        {
            Labels = [.. Hostile[..3]],
            Monitor = "",
            Settings = new Dictionary<string, string> { ["z"] = Hostile[3], ["a"] = "", ["lr"] = "0.1" },
            Epochs =
            [
                .. Sample.Epochs.Select((epoch, index) => epoch with
                {
                    LearningRate = Math.Pow(0.1, index) / 3,
                    ClassWeights = index == 2 ? [0.1, double.NaN, 1.0 / 3] : null,
                    Validation = index == 1 ? null : epoch.Validation! with { Loss = index == 3 ? double.PositiveInfinity : double.NaN },
                }),
            ],
            Batches = [new(BatchRecord.TrainingPart, 1, 50, 0.7, new ConfusionCounts(3), 0.01, double.NaN), new("validation", 4, 3, 1.0 / 3, Sample.Epochs[0].Training.Confusion, 1e-300, 5e9)],
            Stop = StopReason.NotANumber,
        };

        var again = TrainingHistory.Parse(history.ToJson());

        Assert.AreEqual(history.ToJson(), again.ToJson());
        CollectionAssert.AreEqual(history.Labels.ToArray(), again.Labels.ToArray());
        CollectionAssert.AreEqual(history.Settings.ToArray(), again.Settings.ToArray(), "settings keep their order");
        Assert.AreEqual(history.Settings["z"], again.Settings["z"]);
        Assert.AreEqual((history.Network, history.ParameterCount, history.BestEpoch, history.Stop, history.StopDetail), (again.Network, again.ParameterCount, again.BestEpoch, again.Stop, again.StopDetail));
        foreach (var (before, after) in history.Epochs.Zip(again.Epochs))
        {
            Assert.AreEqual((before.Epoch, before.LearningRate, before.Seconds, before.LearningRateDropped), (after.Epoch, after.LearningRate, after.Seconds, after.LearningRateDropped));
            Assert.AreEqual(before.Validation?.Loss, after.Validation?.Loss);
            CollectionAssert.AreEqual(before.ClassWeights?.ToArray(), after.ClassWeights?.ToArray());
            CollectionAssert.AreEqual(before.Training.Confusion.NonZero.ToArray(), after.Training.Confusion.NonZero.ToArray());
            Assert.AreEqual(before.Training.MacroF1, after.Training.MacroF1);
        }
    }

    [TestMethod]
    public void The_file_has_the_form_that_the_docs_tell()
    {
        var history = Sample with { Epochs = [Sample.Epochs[0]], BestEpoch = 1 };

        var text = history.ToJson();

        // Class 0 of 3, epoch 1 of 4: 40 · 1/3 · (0.2 + 0.7 · 3/4) = 9.67, so 10 of 40 are taken for the next class; then 19, then 29.
        Assert.StartsWith("{\n  \"schemaVersion\": 1,\n  \"network\": \"compact-cnn\",\n  \"parameterCount\": 93322,\n  \"labels\": [\n    \"cat\",", text);
        Assert.Contains("\"training\": {\n        \"loss\": 2,\n        \"accuracy\": 0.5166666666666667,", text);
        Assert.Contains("\"confusion\": [\n          [[0, 30], [1, 10]],\n          [[1, 21], [2, 19]],\n          [[0, 29], [2, 11]]\n        ]", text);
        Assert.Contains("\"stop\": \"earlyStopping\"", text);
        Assert.EndsWith("}\n", text);
    }

    [TestMethod]
    public void Keys_that_a_later_version_added_are_passed_over() =>
        Assert.AreEqual(Sample.ToJson(), TrainingHistory.Parse(Sample.ToJson().Replace("\"network\"", "\"later\": { \"a\": [1, {}] }, \"network\"", StringComparison.Ordinal)).ToJson());

    [TestMethod]
    public void A_newer_version_is_refused_whatever_else_it_holds() =>
        Assert.AreEqual(
            "'history.json' was written by a newer MLPipelines: its schema version is 2, and this one reads up to 1. Update MLPipelines.",
            Refused("""{ "epochs": "elsewhere", "schemaVersion": 2 }"""));

    [TestMethod]
    [DataRow("", "")]
    [DataRow("{", "")]
    [DataRow("null", "a JSON object was expected")]
    [DataRow("[]", "a JSON object was expected")]
    [DataRow("{}", "it has no 'schemaVersion'")]
    [DataRow("""{ "schemaVersion": "1" }""", "'schemaVersion' is not a whole number")]
    [DataRow("""{ "schemaVersion": 0 }""", "versions begin with 1")]
    [DataRow("""{ "schemaVersion": 1 }""", "'network'")]
    public void What_is_no_history_is_refused(string json, string reason) => Assert.Contains(reason, Refused(json));

    [TestMethod]
    [DataRow("\"labels\": [", "\"labels\": [null,", "labels[0] is empty")]
    [DataRow("\"fox\"", "\"cat\"", "labels[2] is 'cat' for the second time")]
    [DataRow("\"fox\"", "\"fox\",\"owl\"", "epochs[0].training.confusion is of 3 classes; there are 4 labels")]
    [DataRow("\"monitor\": \"val_f1_macro\"", "\"monitor\": \"val_f1[owl]\"", "names the class 'owl'")]
    [DataRow("\"monitor\": \"val_f1_macro\"", "\"monitor\": null", "monitor")]
    [DataRow("\"bestEpoch\": 4", "\"bestEpoch\": 5", "The best epoch is 5, which is none of the 4 epochs")]
    [DataRow("\"epoch\": 2", "\"epoch\": 1", "epochs[1] is epoch 1 after epoch 1")]
    [DataRow("\"epoch\": 1", "\"epoch\": -1", "epochs[0] is epoch -1")]
    [DataRow("\"epochs\": [", "\"epochs\": [null,", "epochs[0] is null")]
    [DataRow("\"batches\": []", "\"batches\": [null]", "batches[0] is null")]
    [DataRow("\"loss\": 1,", "\"loss\": \"1\",", "at epochs[1].training.loss: expected a number")]
    [DataRow("\"loss\": 1,", "\"loss\": 1e999,", "at epochs[1].training.loss: expected a number")]
    [DataRow("\"classWeights\": null", "\"classWeights\": [1, 2]", "epochs[0].classWeights is of 2 classes; there are 3 labels")]
    [DataRow("\"stop\": \"earlyStopping\"", "\"stop\": \"bored\"", "at stop")]
    [DataRow("\"stop\": \"earlyStopping\"", "\"stop\": 1", "at stop")]
    [DataRow("\"network\"", "\"network\": \"twice\", \"network\"", "network")]
    [DataRow("\"batch size\": \"128\"", "\"batch size\": null", "settings.batch size is null")]
    public void What_contradicts_itself_is_refused_with_its_place(string written, string damaged, string reason)
    {
        var text = Sample.ToJson();
        var at = text.IndexOf(written, StringComparison.Ordinal);
        Assert.IsGreaterThanOrEqualTo(0, at, written);

        Assert.Contains(reason, Refused(text[..at] + damaged + text[(at + written.Length)..]));
    }

    [TestMethod]
    [DataRow("7", "expected a list with a row for each true class")]
    [DataRow("null", "confusion")]
    [DataRow("[]", "the confusion has no rows")]
    [DataRow("[1, 2, 3]", "expected row 0 of the confusion as a list")]
    [DataRow("[[1, 2]]", "pairs [predicted class, samples]")]
    [DataRow("[[[0]], [], []]", "row 0 of the confusion needs pairs of whole numbers")]
    [DataRow("[[[0, 1, 2]], [], []]", "a pair of more than two numbers")]
    [DataRow("[[], [[0, -1]], []]", "row 1 of the confusion needs pairs of whole numbers of at least 0")]
    [DataRow("[[], [[0, 1.5]], []]", "row 1 of the confusion needs pairs of whole numbers")]
    [DataRow("[[[1, 5], [1, 5]], [], []]", "the predicted class 1 after 1; the classes of a row must ascend")]
    [DataRow("[[[3, 5]], [], []]", "the confusion has 3 rows, and the predicted class 3")]
    [DataRow("[[[2147483647, 5]], [], []]", "the predicted class 2147483647")]
    [DataRow("[[[0, 9007199254740992], [1, 1]], [], []]", "counts more than 9007199254740992 samples")]
    public void Damaged_counts_are_refused_with_their_place(string confusion, string reason)
    {
        var text = Sample.ToJson();
        var from = text.IndexOf("\"confusion\": [", StringComparison.Ordinal) + "\"confusion\": ".Length;
        var to = text.IndexOf("        ]", from, StringComparison.Ordinal) + "        ]".Length;

        var error = Refused(text[..from] + confusion + text[to..]);

        Assert.Contains(reason, error);
        Assert.Contains("'history.json' is no training history at epochs[0].training", error);
    }

    [TestMethod]
    public void Every_cut_of_a_file_is_refused_as_data_and_nothing_worse()
    {
        var whole = Sample.ToUtf8Json();

        for (var length = 0; length < whole.Length - 2; length += 7)
            Assert.ThrowsExactly<InvalidDataException>(() => TrainingHistory.Parse(whole.AsSpan(0, length)));
    }

    [TestMethod]
    public void Every_changed_byte_gives_a_history_or_a_refusal()
    {
        var random = new Random(1);
        for (var round = 0; round < 1_000; round++)
        {
            var damaged = Sample.ToUtf8Json();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                TrainingHistory.Parse(damaged).Validate();
            }
            catch (InvalidDataException error)
            {
                Assert.Contains("The training history", error.Message);
            }
        }
    }

    [TestMethod]
    public void A_file_with_a_million_empty_classes_takes_no_memory_for_their_square()
    {
        var rows = string.Join(",", Enumerable.Repeat("[]", 1_000_000));
        var error = Refused($$"""
            { "schemaVersion": 1, "network": "", "parameterCount": 1, "labels": ["a"], "monitor": "", "monitorHigherIsBetter": true, "epochs":
              [{ "epoch": 1, "learningRate": 1, "seconds": 1, "samplesPerSecond": 1, "training": { "loss": 1, "confusion": [{{rows}}] } }] }
            """);

        Assert.Contains("epochs[0].training.confusion is of 1000000 classes; there are 1 labels", error);
    }

    [TestMethod]
    public void A_history_that_contradicts_itself_is_not_written() =>
        Assert.Contains("epochs[0].training.confusion is of 3 classes", Assert.ThrowsExactly<ArgumentException>(() => (Sample with { Labels = ["a", "b"] }).ToJson()).Message);

    [TestMethod]
    public void A_file_reads_and_one_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "history.json");
        File.WriteAllBytes(path, Sample.ToUtf8Json());

        Assert.AreEqual(Sample.ToJson(), TrainingHistory.Read(path).ToJson());
        Assert.Contains("'nowhere.json'", Assert.ThrowsExactly<FileNotFoundException>(() => TrainingHistory.Read("nowhere.json")).Message);
    }

    private static string Refused(string json) =>
        Assert.ThrowsExactly<InvalidDataException>(() => TrainingHistory.Parse(Encoding.UTF8.GetBytes(json), "'history.json'")).Message;
}
