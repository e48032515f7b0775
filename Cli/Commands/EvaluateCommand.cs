using System.CommandLine;
using System.CommandLine.Parsing;
using MLPipelines.Cli.Terminal;
using MLPipelines.Evaluation;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp evaluate</c>: a bundle on a data set, or scores from anywhere, become metrics and a report.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("evaluate", "Evaluate a bundle on a data set, or a CSV of scores from anywhere: metrics per class, calibration, one HTML report.");
        var bundle = new Argument<string?>("BUNDLE") { Description = "The model (.mlbundle).", Arity = ArgumentArity.ZeroOrOne };
        command.Arguments.Add(bundle);
        var data = new DataOptions(command, BadItemPolicy.Skip, optional: true);
        var scores = new Option<string?>("--scores") { Description = "Evaluate this CSV or TSV instead: a column `label`, one column per class, optional `id` and `weight`.", HelpName = "FILE" };
        var report = new Option<string?>("--report") { Description = "Write the HTML report here.", HelpName = "FILE" };
        var json = new Option<string?>("--json") { Description = "Write metrics.json here; without FILE to standard output.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
        var zeroDivision = new Option<ZeroDivision>("--zero-division") { Description = "What 0/0 in precision, recall and F1 counts as: nan (left out of averages), 0 or 1.", CustomParser = ParseZeroDivision, HelpName = "nan|0|1" };
        var mistakes = new Option<int>("--mistakes") { Description = "How many of the worst mistakes the report shows.", DefaultValueFactory = _ => new EvaluationOptions().WorstMistakes, HelpName = "N" };
        foreach (var option in new Option[] { scores, report, json, zeroDivision, mistakes })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var (model, images, table) = (result.GetValue(bundle), data.Path(result), result.GetValue(scores));
            if (table is null && (model is null || images is null))
                result.AddError("Give BUNDLE and DATA, or --scores FILE.");
            else if (table is not null && model is not null)
                result.AddError("Give BUNDLE and DATA, or --scores FILE, not both.");
        });

        command.Does((parsed, cancellation) =>
        {
            var (reportPath, jsonPath) = (parsed.GetValue(report), parsed.GetValue(json));
            OutputFile.Check(reportPath, jsonPath);
            var options = new EvaluationOptions { ZeroDivision = parsed.GetValue(zeroDivision), WorstMistakes = parsed.GetValue(mistakes) };
            var (evaluation, details) = parsed.GetValue(scores) is { } table
                ? OfScores(table, options)
                : OfBundle(screen, Bundles.Open(parsed.GetValue(bundle)!), data, parsed, options, cancellation);

            screen.WantsJson = parsed.GetResult(json) is not null && jsonPath is null;
            if (reportPath is not null)
                new EvaluationReport(evaluation, details).Write(reportPath);
            if (jsonPath is not null)
                MetricsJson.Write(evaluation, jsonPath);
            if (screen.WantsJson)
                screen.JsonText(MetricsJson.Text(evaluation));
            else
                EvaluationTables.Write(screen.Out, evaluation);
            foreach (var (what, path) in new[] { ("Report", reportPath), ("Metrics", jsonPath) })
            {
                if (path is not null)
                    screen.Note($"{what}: {Path.GetFullPath(path)}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static (ClassificationEvaluation Evaluation, ReportDetails Details) OfScores(string path, EvaluationOptions options)
    {
        var rows = ScoresCsv.Read(path);
        var details = new ReportDetails
        {
            Title = Path.GetFileNameWithoutExtension(path),
            Subtitle = $"scores from {path}",
            Thumbnails = id => Thumbnail(id, path),
            Used = [new("Data", [new("scores", path, IsCode: true), new("rows", rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))]), BundleEvaluation.Software()],
            GeneratedAt = TimeProvider.System.GetUtcNow(),
        };
        return (ClassificationEvaluation.Of(rows, options), details);
    }

    private static (ClassificationEvaluation Evaluation, ReportDetails Details) OfBundle(
        Screen screen, ModelBundle bundle, DataOptions data, ParseResult parsed, EvaluationOptions options, CancellationToken cancellation)
    {
        var dataset = data.OpenForEvaluation(parsed, bundle);
        var run = screen.While(progress => BundleEvaluation.Of(bundle, dataset, options, progress, cancellation));
        DataNotes.WriteSkipped(screen, dataset);
        DataNotes.RequireImages(dataset, run.Rows.Count);
        return (run.Evaluation, run.Details with { GeneratedAt = TimeProvider.System.GetUtcNow() });
    }

    /// <summary>An id of a row is by custom the path of an image, absolute or beside the table; where it is none there is no picture.</summary>
    private static byte[]? Thumbnail(string id, string table)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(table))!, id);
        return File.Exists(path) ? BundleEvaluation.ThumbnailOf(File.ReadAllBytes(path)) : null;
    }

    private static ZeroDivision ParseZeroDivision(ArgumentResult result)
    {
        switch (result.Tokens[0].Value.ToLowerInvariant())
        {
            case "nan": return ZeroDivision.NaN;
            case "0": return ZeroDivision.Zero;
            case "1": return ZeroDivision.One;
            case var other:
                result.AddError($"--zero-division was '{other}'; it must be nan, 0 or 1.");
                return default;
        }
    }
}
