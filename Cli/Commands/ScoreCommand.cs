using System.CommandLine;
using MLPipelines.Cli.Terminal;
using MLPipelines.Evaluation;
using MLPipelines.Pipelines;
using Spectre.Console;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp score</c>: every class's probability for every image, as the CSV that <c>mlp evaluate --scores</c> reads.</summary>
internal static class ScoreCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("score", "Write every class's probability for every image as CSV, the one that evaluate --scores reads.");
        var bundle = new Argument<string>("BUNDLE") { Description = "The model (.mlbundle)." };
        command.Arguments.Add(bundle);
        var data = new DataOptions(command, BadItemPolicy.Skip);
        var output = new Option<string>("--out") { Description = "The CSV (or .tsv) to write.", Required = true, HelpName = "FILE" };
        command.Options.Add(output);
        command.Does((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            OutputFile.Check(path);
            var model = Bundles.Open(parsed.GetRequiredValue(bundle));
            var dataset = data.OpenForEvaluation(parsed, model);
            DataNotes.Write(screen, dataset);
            var rows = screen.While(progress => ImageClassificationPipeline.Score(model, dataset, progress, cancellation));
            DataNotes.WriteSkipped(screen, dataset);
            DataNotes.RequireImages(dataset, rows.Count);
            ScoresCsv.Write(rows, path);
            var skipped = dataset.Summary().Skipped;
            screen.Result(
                new { schemaVersion = 1, scores = Path.GetFullPath(path), rows = rows.Count, skipped },
                console => console.WriteLine($"Scores of {rows.Count} images: {Path.GetFullPath(path)}"));
            return ExitCode.Done;
        });
        return command;
    }
}
