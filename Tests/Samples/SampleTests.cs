using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MLPipelines.Pipelines;

namespace MLPipelines.Tests.Samples;

[TestClass]
public sealed class SampleTests
{
    [TestMethod]
    public void ComposeByHand_trains_evaluates_and_writes_its_report()
    {
        using var folder = new TemporaryFolder();
        SampleImages.Write(folder["images"], new SampleImageSettings { TrainPerClass = 30, TestPerClass = 5, Difficulty = 0.1 });

        using var process = Start("ComposeByHand", folder.Path, folder["images"]);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, output);
        Assert.Contains("macro F1", output);
        Assert.IsTrue(File.Exists(folder["report.html"]));
    }

    [TestMethod]
    public void OnMLNet_scores_the_shapes_of_the_repository_and_saves_a_plain_model()
    {
        using var folder = new TemporaryFolder();

        using var process = Start("OnMLNet", folder.Path, Path.Combine(TestData.Repository, "data", "shapes"));
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, output);
        Assert.Contains("ApplyOnnxModel: accuracy", output);
        Assert.Contains("LbfgsMaximumEntropy: accuracy", output);
        Assert.Contains("shapes.zip: 1. arrow", output);
    }

    [TestMethod]
    public async Task ClassifyApi_names_an_uploaded_image_and_refuses_text()
    {
        using var folder = new TemporaryFolder();
        SampleImages.Write(folder["images"], new SampleImageSettings { TrainPerClass = 30, TestPerClass = 1, Difficulty = 0.1 });
        ImageClassificationPipeline.Train(ImageDataset.Open(folder["images"]), new TrainingSettings { CreatedAt = default, Training = new MaximumEntropyTraining { MaximumIterations = 10 } })
            .Save(folder["m.mlbundle"]);
        using var process = Start("ClassifyApi", folder.Path, "--Model", folder["m.mlbundle"], "--urls", "http://127.0.0.1:0");
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressOf(process) };
            var image = await client.PostAsync(
                "/classify?top=3", new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder["images"], "test", "ring", "0000.png"))));
            var text = await client.PostAsync("/classify", new StringContent("no picture"));

            var predictions = (await image.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("predictions");
            Assert.AreEqual(3, predictions.GetArrayLength());
            Assert.AreEqual("ring", predictions[0].GetProperty("label").GetString());
            Assert.AreEqual(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<Uri> AddressOf(Process process)
    {
        const string Listening = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                return new Uri(line[(at + Listening.Length)..].Trim());
        }

        throw new InvalidOperationException($"The service ended: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Starts a sample from its own output folder, which lies as the tests' own does.</summary>
    private static Process Start(string sample, string workingDirectory, params string[] arguments)
    {
        var output = Path.GetRelativePath(Path.Combine(TestData.Repository, "Tests"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = workingDirectory };
        start.ArgumentList.Add(Path.Combine(TestData.Repository, "samples", sample, output, sample + ".dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
