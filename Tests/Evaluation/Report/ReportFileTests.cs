using MLPipelines.Evaluation;
using static MLPipelines.Tests.Evaluation.ReportSamples;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ReportFileTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlp-report-").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void The_file_is_replaced_as_a_whole_and_nothing_else_is_left_in_the_folder()
    {
        var path = Path.Combine(folder, "report.html");
        File.WriteAllText(path, "old");

        new EvaluationReport(Evaluated("a", "b")).Write(path);

        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFileSystemEntries(folder));
    }

    [TestMethod]
    public void A_failure_on_the_way_leaves_the_old_file_and_no_half_written_one()
    {
        var path = Path.Combine(folder, "report.html");
        File.WriteAllText(path, "old");

        Assert.ThrowsExactly<InvalidDataException>(() => new EvaluationReport(
            Evaluated("a", "b"), new() { Thumbnails = _ => throw new InvalidDataException("broken") }).Write(path));

        Assert.AreEqual("old", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFileSystemEntries(folder));
    }

    [TestMethod]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(folder, "missing");

        var failure = Assert.ThrowsExactly<IOException>(() => new EvaluationReport(Evaluated("a", "b")).Write(Path.Combine(missing, "report.html")));

        Assert.Contains($"there is no folder '{missing}'", failure.Message);
    }

    [TestMethod]
    public void A_folder_is_no_file_to_write_to()
    {
        var failure = Assert.ThrowsExactly<IOException>(() => new EvaluationReport(Evaluated("a", "b")).Write(folder));

        Assert.Contains("it is a folder", failure.Message);
    }

    [TestMethod]
    public void Pictures_are_told_by_their_first_bytes()
    {
        Assert.AreEqual("image/png", EmbeddedPicture.MediaType(Png));
        Assert.AreEqual("image/jpeg", EmbeddedPicture.MediaType([0xFF, 0xD8, 0xFF, 0xE0]));
        Assert.AreEqual("image/webp", EmbeddedPicture.MediaType("RIFF....WEBPVP8 "u8));
        Assert.IsNull(EmbeddedPicture.MediaType("<svg xmlns="u8));
        Assert.IsNull(EmbeddedPicture.MediaType([]));
    }
}
