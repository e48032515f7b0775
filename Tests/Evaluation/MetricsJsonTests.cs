using System.Text.Json;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class MetricsJsonTests
{
    private static readonly ClassificationEvaluation Evaluation = ClassificationEvaluation.Of(
        ScoredRows.Of(["cat", "dog", "e<el"], ["cat", "cat", "dog", "fox"], [[.7, .2, .1], [.4, .5, .1], [.1, .8, .1], [1, 0, 0]]));

    [TestMethod]
    public void The_contract_is_kept_to_the_letter()
    {
        var json = Json(Evaluation);

        Assert.AreEqual(1, json.GetProperty("schemaVersion").GetInt32());
        CollectionAssert.AreEqual(
            new[] { "cat", "dog", "e<el" }, json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()).ToArray());
        Assert.AreEqual(3, json.GetProperty("rows").GetInt32());
        foreach (var key in new[]
        {
            "accuracy", "macro_f1", "weighted_f1", "micro_f1", "macro_precision", "macro_recall", "balanced_accuracy", "cohen_kappa", "mcc",
                "log_loss", "brier", "ece",
        })
        {
            Assert.AreEqual(JsonValueKind.Number, json.GetProperty("metrics").GetProperty(key).ValueKind, key);
        }

        Assert.AreEqual(2 / 3.0, json.GetProperty("metrics").GetProperty("top_k_accuracy").GetProperty("1").GetDouble());
        Assert.AreEqual(1, json.GetProperty("metrics").GetProperty("top_k_accuracy").GetProperty("3").GetDouble());
        CollectionAssert.IsSubsetOf(
            new[] { "label", "precision", "recall", "f1", "support", "roc_auc", "average_precision" },
            json.GetProperty("perClass")[0].EnumerateObject().Select(entry => entry.Name).ToArray());
        Assert.AreEqual("[[1, 1, 0],[0, 1, 0],[0, 0, 0]]", json.GetProperty("confusionMatrix").GetRawText().Replace("\n", "").Replace("  ", ""));
    }

    [TestMethod]
    public void Undefined_is_null()
    {
        var absent = Json(Evaluation).GetProperty("perClass")[2];

        Assert.AreEqual(JsonValueKind.Null, absent.GetProperty("recall").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, absent.GetProperty("roc_auc").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, absent.GetProperty("recallInterval")[0].ValueKind);
    }

    [TestMethod]
    public void Rows_left_out_are_counted()
    {
        var json = Json(Evaluation);

        Assert.AreEqual(4, json.GetProperty("rowCounts").GetProperty("read").GetInt32());
        Assert.AreEqual(1, json.GetProperty("rowCounts").GetProperty("unknownLabel").GetInt32());
        Assert.AreEqual(1, json.GetProperty("unknownLabels").GetProperty("fox").GetInt32());
        StringAssert.Contains(json.GetProperty("warnings")[0].GetString(), "'fox'");
    }

    [TestMethod]
    public void What_ML_NET_says_stands_beside() =>
        Assert.AreEqual(.25, Json(Evaluation with { MLNet = new(.5, .25, 1, 0, [.5, 1]) }).GetProperty("mlnet")
            .GetProperty("macroAccuracy").GetDouble());

    [TestMethod]
    public void With_weights_the_counts_are_told_too()
    {
        var json = Json(ClassificationEvaluation.Of(ScoredRows.Of(["a", "b"], ["a"], [[1, 0]], weights: [.5])));

        Assert.AreEqual(.5, json.GetProperty("confusionMatrix")[0][0].GetDouble());
        Assert.AreEqual(1, json.GetProperty("confusionCounts")[0][0].GetDouble());
    }

    [TestMethod]
    public void An_evaluation_of_nothing_is_JSON_too() =>
        Assert.AreEqual(JsonValueKind.Null, Json(ClassificationEvaluation.Of(ScoredRows.Of(["a"], [], []))).GetProperty("metrics")
            .GetProperty("accuracy").ValueKind);

    [TestMethod]
    public void What_is_written_reads_back()
    {
        using var folder = new TemporaryFolder();
        MetricsJson.Write(Evaluation, folder["metrics.json"]);
        var document = MetricsDocument.Read(folder["metrics.json"]);

        CollectionAssert.AreEqual(Evaluation.Labels.ToArray(), document.Labels.ToArray());
        Assert.AreEqual(3, document.Rows);
        foreach (var (metric, value) in Evaluation.Metrics)
            Assert.AreEqual(value, document.Metrics[metric.Key], metric.Key);
        CollectionAssert.AreEqual(Evaluation.TopKAccuracy.ToArray(), document.TopKAccuracy.ToArray());
        Assert.AreEqual(Evaluation.PerClass[0].RocAuc, document.PerClass[0]["roc_auc"]);
        Assert.IsTrue(double.IsNaN(document.PerClass[2]["recall"]));
        Assert.AreEqual(1, document.ConfusionMatrix[0, 1]);
        CollectionAssert.AreEqual(new[] { "metrics.json" }, folder.FileNames());
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_named_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        string Refusal(string path) => Assert.ThrowsExactly<IOException>(() => MetricsJson.Write(Evaluation, path)).Message;

        StringAssert.Contains(Refusal(folder["."]), "it is a folder");
        StringAssert.Contains(Refusal(folder["none/metrics.json"]), "there is no folder");
        var readOnly = folder.Write("old.json", "old");
        File.SetAttributes(readOnly, FileAttributes.ReadOnly);
        StringAssert.Contains(Refusal(readOnly), "read-only");
        Assert.AreEqual("old", File.ReadAllText(readOnly));
        CollectionAssert.AreEqual(new[] { "old.json" }, folder.FileNames());
    }

    [TestMethod]
    [DataRow("{", "is not a metrics.json")]
    [DataRow("{}", "is not a metrics.json")]
    [DataRow("{\"schemaVersion\": 2}", "has schema version 2; this program reads up to 1")]
    [DataRow(
        "{\"schemaVersion\": 1, \"labels\": [\"a\"], \"rows\": 1, \"metrics\": {\"top_k_accuracy\": {}}, \"perClass\": [], "
        + "\"confusionMatrix\": [[1, 2]]}",
        "1 classes need 1 rows of 1")]
    public void What_is_no_metrics_json_is_refused_with_its_name(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("metrics.json", content);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => MetricsDocument.Read(path)).Message, reason);
    }

    private static JsonElement Json(ClassificationEvaluation evaluation)
    {
        using var document = JsonDocument.Parse(MetricsJson.Text(evaluation));
        return document.RootElement.Clone();
    }
}
