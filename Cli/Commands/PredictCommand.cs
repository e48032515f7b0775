using System.CommandLine;
using System.Globalization;
using MLPipelines.Cli.Terminal;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;
using Spectre.Console;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp predict</c>: what is in these images.</summary>
internal static class PredictCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("predict", "Name what is in images: the N most probable classes, with calibrated probabilities.");
        var bundle = new Argument<string>("BUNDLE") { Description = "The model (.mlbundle)." };
        var images = new Argument<string[]>("IMAGE") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
        var top = new Option<int>("--top") { Description = "How many classes to name.", DefaultValueFactory = _ => Predictor.DefaultTopN, HelpName = "N" };
        command.Arguments.Add(bundle);
        command.Arguments.Add(images);
        command.Options.Add(top);
        top.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var n and < 1)
                result.AddError($"--top was {n}; it must be 1 or more.");
        });
        images.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => Directory.Exists(token.Value)) is { } folder)
                result.AddError($"'{folder.Value}' is a folder; name image files, or use mlp score for a data set.");
        });
        command.Does((parsed, cancellation) => Run(screen, parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(images), parsed.GetValue(top), cancellation));
        return command;
    }

    /// <summary>One unreadable image does not keep the others from their answer; it is named, and the exit code tells.</summary>
    private static int Run(Screen screen, string bundle, string[] paths, int top, CancellationToken cancellation)
    {
        using var predictor = Bundles.OpenPredictor(bundle);
        ImageItem[] items = [.. paths.Select(ImageItem.OfFile)];
        var answers = predictor.PredictBatch(items, top, BadItemPolicy.Skip, cancellation);

        screen.Result(
            new
            {
                schemaVersion = 1,
                model = predictor.Bundle.Manifest.Name,
                modelHash = predictor.Bundle.Hash,
                images = answers.Select(answer => new { path = answer.Id, predictions = answer.Predictions, error = answer.Error }),
            },
            console =>
            {
                foreach (var answer in answers.Where(answer => answer.Error is null))
                {
                    console.WriteLine(answer.Id);
                    console.Write(TableOf(answer));
                }
            });
        foreach (var answer in answers.Where(answer => answer.Error is not null))
            screen.Failure(answer.Error!);
        return answers.Any(answer => answer.Error is not null) ? ExitCode.BadData : ExitCode.Done;
    }

    private static Table TableOf(ImagePrediction answer)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumns(new TableColumn("") { Alignment = Justify.Right }, new TableColumn(""), new TableColumn("") { Alignment = Justify.Right });
        foreach (var prediction in answer.Predictions)
            table.AddRow(new Text($"{prediction.Rank}."), new Text(prediction.Label), new Text(Percent(prediction)));
        return table;
    }

    /// <summary>Small and near-certain probabilities keep their difference: 99.9987 %, 0.0054 %, 5.4e-07 %.</summary>
    private static string Percent(Prediction prediction)
    {
        var percent = 100.0 * prediction.Probability;
        var format = percent is >= 0.01 and <= 99.99 ? "0.00" : percent > 99.99 ? "0.00000" : "0.0e-00";
        return percent.ToString(format, CultureInfo.InvariantCulture) + " %";
    }
}
