using System.Diagnostics;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class KilledTrainingTests
{
    private const int Batches = 200;

    [TestMethod]
    public void Killed_at_random_moments_and_resumed_it_ends_with_the_weights_of_a_run_left_alone()
    {
        using var folder = new TemporaryFolder();
        var (alone, all) = Run(folder["alone"], killAfter: null);
        Assert.AreEqual(Batches, all);

        var random = new SeededRandom(20);
        var (kills, lines) = (0, 0);
        string? weights = null;
        while (weights is null)
        {
            (weights, var batches) = Run(folder["killed"], killAfter: random.Next(45));
            lines += batches;
            if (weights is null) kills++;
        }

        Assert.AreEqual(alone, weights);
        Assert.IsGreaterThan(3, kills);
        Assert.IsInRange(Batches - kills, Batches + kills, lines); // a kill costs the batch at work, and no more
    }

    /// <summary>Runs the training in a process of its own, which is killed when it has told of so many batches and is at work on one of the next
    /// two: the hash of the weights, null where it was killed, and how many batches it told of.</summary>
    private static (string? Weights, int Batches) Run(string folder, int? killAfter)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLPipelines.Tests.FreshProcess.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "train", folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        if (killAfter is { } permitted)
        {
            process.StandardInput.Write(new string('.', permitted + 1));
            process.StandardInput.Flush();
        }
        else
        {
            process.StandardInput.Close();
        }

        string? last = null;
        var batches = 0;
        if (killAfter == 0) process.Kill();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            last = line;
            if (!line.StartsWith("epoch", StringComparison.Ordinal)) continue;
            if (++batches == killAfter) process.Kill(); // SIGKILL on Unix: nothing is tidied up
        }

        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual("", errors);
        return (last?.StartsWith("epoch", StringComparison.Ordinal) == false ? last : null, batches);
    }
}
