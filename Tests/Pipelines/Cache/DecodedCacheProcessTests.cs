using System.Diagnostics;
using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Pipelines;

/// <summary>A cache and several processes: one that is killed, two that want the same.</summary>
[TestClass]
public sealed class DecodedCacheProcessTests
{
    private static readonly ImagePreprocessing tiny = new() { Width = 2, Height = 2, Colors = ColorOrder.Grey };

    // More images than are decoded at a time, so that a process can be stopped in the middle.
    private const int Many = 1100;

    [TestMethod]
    public void A_process_killed_while_it_decodes_leaves_nothing_that_is_used_and_nothing_that_stays()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", Many, 2, 2);
        using (var child = Start(data, folder["cache"]))
        {
            Assert.AreEqual("Read", child.StandardOutput.ReadLine());
            Assert.AreEqual("Decode", child.StandardOutput.ReadLine());
            Assert.AreEqual(1, Directory.GetFiles(folder["cache"], "*.partial").Length);
            Kill(child);
        }
        Assert.AreEqual(1, Directory.GetFiles(folder["cache"], "*.partial").Length, "the killed process could not tidy up");

        using var decoded = DecodedDataset.Open(ImageDataset.Open(data), tiny, new DecodedCacheSettings { Folder = folder["cache"] });
        using var direct = DecodedDataset.Open(ImageDataset.Open(data), tiny, DecodedCacheSettings.Off);

        Assert.IsTrue(decoded.WasDecoded);
        Assert.AreEqual(0, decoded.Notes.Count);
        CollectionAssert.AreEqual(DrawnFolder.ValuesOf(direct), DrawnFolder.ValuesOf(decoded));
        CollectionAssert.AreEqual(
            new[] { ".images", ".index" }, Directory.GetFiles(folder["cache"]).Select(Path.GetExtension).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Of_two_processes_one_decodes_and_the_other_waits_and_finds()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", Many, 2, 2);
        using var first = Start(data, folder["cache"]);
        Assert.AreEqual("Read", first.StandardOutput.ReadLine());
        Assert.AreEqual("Decode", first.StandardOutput.ReadLine());
        using var second = Start(data, folder["cache"]);
        Assert.AreEqual("Read", second.StandardOutput.ReadLine());
        Assert.AreEqual("Wait", second.StandardOutput.ReadLine());
        first.StandardInput.WriteLine();

        var (ofFirst, ofSecond) = (first.StandardOutput.ReadToEnd().Trim(), second.StandardOutput.ReadToEnd().Trim());

        StringAssert.StartsWith(ofFirst, "decoded ");
        StringAssert.StartsWith(ofSecond, $"Check{Environment.NewLine}found ");
        Assert.AreEqual(ofFirst.Split(' ')[^1], ofSecond.Split(' ')[^1]);
    }

    [TestMethod]
    public void Who_waits_for_a_process_that_is_killed_decodes_itself()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", Many, 2, 2);
        using var first = Start(data, folder["cache"]);
        ReadUntil("Decode", first);
        using var second = Start(data, folder["cache"]);
        ReadUntil("Wait", second);
        Kill(first);
        second.StandardInput.WriteLine();

        var ofSecond = second.StandardOutput.ReadToEnd().Trim();

        StringAssert.StartsWith(ofSecond, $"Decode{Environment.NewLine}decoded ");
    }

    [TestMethod]
    public void Waiting_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnFolder.Write(folder, "data", Many, 2, 2);
        using var first = Start(data, folder["cache"]);
        ReadUntil("Decode", first);
        using var cancellation = new CancellationTokenSource();
        var progress = new StageReports(stage =>
        {
            if (stage.Stage == "Wait") cancellation.Cancel();
        });

        Assert.ThrowsExactly<OperationCanceledException>(() => DecodedDataset.Open(
            ImageDataset.Open(data), tiny, new DecodedCacheSettings { Folder = folder["cache"] }, progress, cancellation.Token));
        Kill(first);
    }

    private static Process Start(string data, string cache)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MLPipelines.Tests.DecodingProcess.dll");
        return Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, data, cache, "2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private static void ReadUntil(string stage, Process child)
    {
        for (string? line; (line = child.StandardOutput.ReadLine()) != stage;) Assert.IsNotNull(line, $"The process ended before {stage}.");
    }

    private static void Kill(Process child)
    {
        child.Kill();
        child.WaitForExit();
    }
}
