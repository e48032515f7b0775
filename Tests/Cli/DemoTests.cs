using System.Text.Json;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Cli;

/// <summary><c>mlp demo</c> as anyone runs it first, once for all tests: it trains for half a minute.</summary>
[TestClass]
public sealed class DemoTests
{
    private static readonly TemporaryFolder Folder = new();
    private static JsonElement answer, metrics;

    [ClassInitialize]
    public static void Run(TestContext _)
    {
        answer = Mlp.Succeeds("demo", "--out", Folder["demo"], "--json", "--quiet").Json;
        metrics = JsonDocument.Parse(File.ReadAllText(Folder["demo/metrics.json"])).RootElement;
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void The_demo_is_learnt_well_but_not_so_well_that_there_is_nothing_to_show()
    {
        var accuracy = answer.GetProperty("accuracy").GetDouble();

        Assert.IsTrue(accuracy is > 0.85 and < 0.97, $"accuracy {accuracy}");
        Assert.AreEqual(accuracy, metrics.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        Assert.AreEqual(1200, metrics.GetProperty("rows").GetInt32());
        foreach (var each in metrics.GetProperty("perClass").EnumerateArray())
            Assert.IsTrue(each.GetProperty("f1").GetDouble() is > 0.7 and <= 1, each.ToString());
    }

    [TestMethod]
    public void What_it_confuses_most_looks_alike()
    {
        var confusion = metrics.GetProperty("confusionMatrix");
        int Confused(string one, string other)
        {
            var (i, j) = (SampleImages.Classes.ToList().IndexOf(one), SampleImages.Classes.ToList().IndexOf(other));
            return confusion[i][j].GetInt32() + confusion[j][i].GetInt32();
        }

        Assert.IsGreaterThan(Confused("circle", "cross") + Confused("circle", "spiral"), Confused("circle", "hexagon"));
        Assert.IsGreaterThan(Confused("diamond", "ring") + Confused("diamond", "star"), Confused("diamond", "square"));
    }

    [TestMethod]
    public void The_report_shows_mistakes_with_their_pictures_and_the_bundle_scores()
    {
        var report = File.ReadAllText(Folder["demo/report.html"]);

        Assert.Contains("Confused pairs", report);
        Assert.Contains("Worst mistakes", report);
        Assert.Contains("data:image/", report);
        var bundle = ModelBundle.Open(Folder["demo/model.mlbundle"]);
        CollectionAssert.AreEqual(SampleImages.Classes.ToArray(), bundle.Labels.ToArray());
        Assert.AreNotEqual(1.0, bundle.Temperature);
        Assert.IsNotEmpty(bundle.History!.Epochs);
    }
}
