using System.CommandLine;
using System.Globalization;
using MLPipelines.Cli.Terminal;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp calibrate</c>: fits the temperature of a model's softmax.</summary>
internal static class CalibrateCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("calibrate", "Fit the softmax's temperature on labelled images that the model was not trained on and will not be judged by.");
        var bundle = new Argument<string>("BUNDLE") { Description = "The model (.mlbundle)." };
        command.Arguments.Add(bundle);
        var data = new DataOptions(command, BadItemPolicy.Skip);
        var output = new Option<string>("--out") { Description = "The bundle to write; may be BUNDLE itself.", Required = true, HelpName = "FILE" };
        command.Options.Add(output);
        command.Does((parsed, cancellation) =>
        {
            OutputFile.Check(parsed.GetRequiredValue(output));
            var model = Bundles.Open(parsed.GetRequiredValue(bundle));
            var dataset = data.OpenForCalibration(parsed, model);
            DataNotes.Write(screen, dataset);
            var now = TimeProvider.System.GetUtcNow();
            ModelBundle calibrated;
            try
            {
                calibrated = screen.While(progress => ImageClassificationPipeline.Calibrate(model, dataset, now, progress, cancellation));
            }
            finally
            {
                // Also where nothing is left to fit on: what was left out is the reason.
                DataNotes.WriteSkipped(screen, dataset);
            }

            var fit = calibrated.Manifest.Calibration!;
            screen.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"Temperature {fit.Temperature:0.0000} from {fit.Rows:N0} images: negative log-likelihood {fit.NllBefore:0.0000} → {fit.NllAfter:0.0000}, calibration error {fit.EceBefore:0.0000} → {fit.EceAfter:0.0000}."));
            Bundles.Save(screen, calibrated, parsed.GetRequiredValue(output));
            return ExitCode.Done;
        });
        return command;
    }
}
