using System.CommandLine;
using MLPipelines.Cli.Terminal;
using MLPipelines.Evaluation;
using MLPipelines.Learning;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp train</c>: images become a bundle.</summary>
internal static class TrainCommand
{
    public static Command Create(Screen screen)
    {
        var defaults = new TrainingSettings { CreatedAt = default };
        var command = new Command("train", "Train a classifier on labelled images, calibrate it on a part of them held out, and write it as a bundle.");
        var data = new DataOptions(command, BadItemPolicy.Fail);
        var output = new Option<string>("--out") { Description = "The bundle to write.", Required = true, HelpName = "FILE" };
        var validation = new Option<double>("--validation") { Description = "The share of the training images held out: to judge every epoch by and to fit the temperature on; 0 holds none out.", DefaultValueFactory = _ => defaults.ValidationShare, HelpName = "SHARE" };
        var seed = new Option<int>("--seed") { Description = "Decides what is held out and all else that is random.", DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var labels = new Option<string?>("--labels") { Description = "The class names in order: one a line, or JSON. Default: the data's own.", HelpName = "FILE" };
        var labelOrder = new Option<LabelOrder>("--label-order") { Description = "The order of the data's own class names: ByName or AsMet." };
        var name = new Option<string?>("--name") { Description = "What the model is called. Default: the name of FILE.", HelpName = "NAME" };
        foreach (var option in new Option[] { output, validation, seed, labels, labelOrder, name })
            command.Options.Add(option);
        var trainer = new TrainerOptions(command);
        var pixels = new PixelOptions(command);
        var network = new NetworkOptions(command);
        var run = new RunOptions(command);

        command.Does((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            OutputFile.Check(path);
            var checkpoints = run.Checkpoints(parsed, path);
            CheckCheckpoints(checkpoints);
            var start = trainer.From(parsed);
            var training = Configured(trainer.Training(parsed, start, pixels.Preset(parsed)), parsed, network, run, checkpoints, pixels.Preset(parsed));
            if (run.History(parsed) is { } historyFile) CheckHistory(historyFile, training);
            var dataset = data.OpenForTraining(parsed, options => options with
            {
                Labels = parsed.GetValue(labels) is { } file ? LabelsFile.Read(file) : start?.Labels,
                LabelOrder = parsed.GetValue(labelOrder),
            });
            DataNotes.Write(screen, dataset);
            DataNotes.WriteUnnamedClasses(screen, dataset);
            var settings = defaults with
            {
                Name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path),
                CreatedAt = TimeProvider.System.GetUtcNow(),
                Training = training,
                Preprocessing = pixels.Preprocessing(parsed, dataset, training),
                ValidationShare = parsed.GetValue(validation),
                Seed = parsed.GetValue(seed),
                Noting = screen.Note,
                Starting = shape => Begin(screen, shape, run.Summary(parsed), checkpoints),
            };
            var bundle = screen.WhileTraining((progress, epochs) => ImageClassificationPipeline.Train(dataset, settings with { Epochs = epochs }, progress, cancellation));
            if (bundle.History is { Stop: not StopReason.Finished, StopDetail: { } detail })
                screen.Note(detail);
            if (bundle.History?.Stop == StopReason.TimeBudget && run.CheckpointsAreTemporary(parsed))
                screen.Note("What was learnt is in the bundle. To go on just there next time, keep the checkpoints (--checkpoints DIR) and give --resume.");
            DataNotes.WriteSkipped(screen, dataset);
            Bundles.Save(screen, bundle, path);
            if (run.History(parsed) is { } written) TrainingHistoryFile.Write(bundle.History!, written);
            if (run.CheckpointsAreTemporary(parsed) && Directory.Exists(checkpoints.Folder)) Directory.Delete(checkpoints.Folder, recursive: true);
            return ExitCode.Done;
        });
        return command;
    }

    private static void CheckCheckpoints(CheckpointSettings checkpoints)
    {
        if (checkpoints.Start == CheckpointStart.New && File.Exists(Path.Combine(checkpoints.Folder, "last.checkpoint")))
        {
            throw new CommandFailedException(
                ExitCode.Failed, $"'{checkpoints.Folder}' holds a training that was broken off: --resume goes on with it. To begin anew, remove the folder, or name another with --checkpoints.");
        }
    }

    /// <summary>The training with everything that the command line says of it.</summary>
    private static ClassifierTraining Configured(
        ClassifierTraining training, ParseResult parsed, NetworkOptions network, RunOptions run, CheckpointSettings checkpoints, string? preset) => training switch
        {
            NetworkTraining plain => plain with
            {
                Settings = network.Apply(parsed, plain.Settings) with { Checkpoints = checkpoints },
                Standardizes = preset is null && plain.From is null,
                Cache = run.Cache(parsed),
                Threads = run.Threads(parsed),
            },
            HeadTraining head => head with
            {
                Settings = network.Apply(parsed, head.Settings) with { Checkpoints = checkpoints },
                Cache = run.Cache(parsed),
                Threads = run.Threads(parsed),
            },
            MaximumEntropyTraining linear when network.GivenForNetwork(parsed) is { } option =>
                throw new ArgumentException($"{option.Name} is for networks; --trainer {linear.Name} does not take it."),
            MaximumEntropyTraining linear => linear with { MaximumIterations = network.Epochs(parsed) ?? linear.MaximumIterations },
            _ => throw new InvalidOperationException($"Bug in MLPipelines: the training {training.Name} has no options."),
        };

    private static void CheckHistory(string path, ClassifierTraining training)
    {
        if (training is MaximumEntropyTraining)
            throw new ArgumentException($"--history is for networks; --trainer {training.Name} knows no epochs and has no history.");
        if (!TrainingHistoryFile.Knows(path))
            throw new ArgumentException($"--history was '{path}'; the name must end in {string.Join(", ", TrainingHistoryFile.Extensions)}.");
        OutputFile.Check(path);
    }

    private static void Begin(Screen screen, NetworkShape shape, bool summary, CheckpointSettings checkpoints)
    {
        var learnt = shape.StateCount == 0 ? "" : FormattableString.Invariant($", {shape.WeightCount:N0} of them learnt");
        screen.Note(summary
            ? shape.Summary()
            : FormattableString.Invariant($"{shape.Definition.Name}: {shape.WeightCount + shape.StateCount:N0} parameters{learnt}, {shape.MultiplyAdds:N0} multiply-adds an image."));
        screen.WhenCancelled = $"Cancelled; no bundle was written. What was learnt is in '{checkpoints.Folder}': the same command with --resume goes on with it.";
    }
}
