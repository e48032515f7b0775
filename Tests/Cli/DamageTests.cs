using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Cli;

[TestClass]
public sealed class DamageTests
{
    [TestMethod]
    public void Images_with_tolerable_damage_are_used_and_told_of_once_unless_they_are_to_be_refused()
    {
        using var folder = new TemporaryFolder();
        var (label, settings) = (0, new SampleImageSettings { Size = 16 });
        foreach (var name in new[] { "arrow", "star" })
        {
            for (var i = 0; i < 6; i++)
                folder.Write($"data/{name}/{i}.jpg", ImageCodec.Encode(SampleImages.Draw(label, i, settings: settings), ImageFileFormat.Jpeg));
            label++;
        }

        foreach (var name in new[] { "arrow/1.jpg", "star/2.jpg", "star/3.jpg" })
            folder.Write($"data/{name}", [.. File.ReadAllBytes(folder[$"data/{name}"]), .. new byte[7]]);
        string[] train = ["train", folder["data"], "--trainer", "maxent", "--out", folder["m.mlbundle"]];

        var accepting = Mlp.Succeeds(train);
        var refusing = Mlp.Succeeds([.. train, "--on-damage", "refuse", "--on-error", "skip"]);
        var stopping = Mlp.Run([.. train, "--on-damage", "refuse"]);

        Assert.Contains("3 images have tolerable damage, e.g. arrow/1.jpg: 7 zero bytes behind its end", accepting.Error);
        Assert.Contains("3 of 12 items were left out", refusing.Error);
        Assert.DoesNotContain("tolerable", refusing.Error);
        Assert.AreEqual(4, stopping.ExitCode, stopping.Error);
        Assert.Contains("7 zero bytes behind its end", stopping.ErrorLine);
    }
}
