using System.CommandLine;
using MLPipelines.Cli.Terminal;
using MLPipelines.Evaluation;
using MLPipelines.Pipelines;
using Spectre.Console;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp demo</c>: the whole way once, from images to a report, without any data of one's own.</summary>
internal static class DemoCommand
{
    // So few images want more steps than the trainer's own batches of 128 give: with those, accuracy hangs on the seed.
    private const int Epochs = 8, BatchSize = 64;

    public static Command Create(Screen screen)
    {
        var command = new Command("demo", "Draw sample images (or read --data), train, calibrate, evaluate, and write a bundle and a report.");
        var output = new Option<string>("--out") { Description = "The folder to write to.", DefaultValueFactory = _ => "mlp-demo", HelpName = "DIR" };
        var data = new Option<string?>("--data") { Description = "Labelled images to use instead of drawn ones.", HelpName = "DIR" };
        var seed = new Option<int>("--seed") { Description = "Draws and holds out other images.", DefaultValueFactory = _ => 1, HelpName = "N" };
        foreach (var option in new Option[] { output, data, seed })
            command.Options.Add(option);
        command.Does((parsed, cancellation) => Run(screen, parsed.GetRequiredValue(output), parsed.GetValue(data), parsed.GetValue(seed), cancellation));
        return command;
    }

    private static int Run(Screen screen, string folder, string? data, int seed, CancellationToken cancellation)
    {
        string File(string name) => Path.GetFullPath(Path.Combine(folder, name));
        OutputFile.Check(File("model.mlbundle"));
        var now = TimeProvider.System.GetUtcNow();
        var (dataset, bundle, run) = screen.WhileTraining((progress, epochs) =>
        {
            if (data is null)
                SampleImages.Write(Path.Combine(folder, "images"), new SampleImageSettings { Seed = seed }, progress, cancellation);
            var images = ImageDataset.Open(data ?? Path.Combine(folder, "images"));
            var (train, test) = TrainAndTest(images, seed);
            var settings = new TrainingSettings
            {
                Name = data is null ? "demo" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data))),
                CreatedAt = now,
                Training = ReadyMadeTrainings.Cnn with { Settings = ReadyMadeTrainings.Cnn.Settings with { Epochs = Epochs, BatchSize = BatchSize }, Cache = DecodedCacheSettings.Off },
                Seed = seed,
                Epochs = epochs,
            };
            var model = ImageClassificationPipeline.Train(train, settings, progress, cancellation);
            return (test, model, BundleEvaluation.Of(model, test, new EvaluationOptions(), progress, cancellation));
        });

        var metrics = MetricsJson.Text(run.Evaluation);
        bundle.WithPart(ModelBundle.EvaluationPart, System.Text.Encoding.UTF8.GetBytes(metrics)).Save(File("model.mlbundle"));
        MetricsJson.Write(run.Evaluation, File("metrics.json"));
        new EvaluationReport(run.Evaluation, run.Details with { GeneratedAt = now }).Write(File("report.html"));
        DataNotes.WriteSkipped(screen, dataset);

        screen.Result(
            new { schemaVersion = 1, bundle = File("model.mlbundle"), report = File("report.html"), metrics = File("metrics.json"), accuracy = run.Evaluation[LabelMetrics.Accuracy] },
            console =>
            {
                EvaluationTables.Write(console, run.Evaluation);
                console.WriteLine();
                console.WriteLine($"Model:   {File("model.mlbundle")}");
                console.WriteLine($"Metrics: {File("metrics.json")}");
                console.WriteLine($"Report:  {File("report.html")}");
            });
        return ExitCode.Done;
    }

    /// <summary>The data's own parts; data without parts are cut four to one, class by class.</summary>
    private static (ImageDataset Train, ImageDataset Test) TrainAndTest(ImageDataset images, int seed) =>
        images.Parts.Count > 1
            ? (images.ForTraining(), images.ForEvaluation())
            : images.Stratified(seed, 0.8, 0.2) is [var train, var test] ? (train, test) : throw new InvalidOperationException("Bug in MLPipelines: two shares gave another number of parts.");
}
