namespace MLPipelines.Tests.Cli;

/// <summary>What <c>mlp evaluate</c> prints.</summary>
[TestClass]
public sealed class EvaluationTablesTests
{
    // Two of three are right: 0.66666…; Wilson's interval at 95 % is 0.20765… to 0.93850…
    [TestMethod]
    public void Accuracies_are_rounded_down_and_their_interval_outwards()
    {
        using var folder = new TemporaryFolder();
        var scores = folder.Write("scores.csv", "label,cat,dog\ncat,0.9,0.1\ndog,0.2,0.8\ndog,0.6,0.4\n");

        var result = Mlp.Succeeds("evaluate", "--scores", scores);

        Assert.Contains("0.6666  (95% interval 0.2076 to 0.9386)", result.Output);
        Assert.DoesNotContain("0.6667", result.Output);
    }
}
