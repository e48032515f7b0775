using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MLPipelines.Cli.Terminal;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp train</c>: images become a bundle.</summary>
internal static class TrainCommand
{
    private static readonly string[] Trainers = ["maxent"];

    public static Command Create(Screen screen)
    {
        var defaults = new TrainingSettings { CreatedAt = default };
        var command = new Command("train", "Train a classifier on labelled images, calibrate it on a part of them held out, and write it as a bundle.");
        var data = new DataOptions(command, BadItemPolicy.Fail);
        var output = new Option<string>("--out") { Description = "The bundle to write.", Required = true, HelpName = "FILE" };
        var trainer = new Option<string>("--trainer") { Description = "What learns: maxent (multinomial logistic regression on the pixels).", DefaultValueFactory = _ => Trainers[0], HelpName = "NAME" };
        var validation = new Option<double>("--validation") { Description = "The share of the training images held out, to fit the temperature on; 0 fits none.", DefaultValueFactory = _ => defaults.CalibrationShare, HelpName = "SHARE" };
        var epochs = new Option<int>("--epochs", "--iterations") { Description = "The most passes over the images.", DefaultValueFactory = _ => defaults.MaximumIterations, HelpName = "N" };
        var l1 = new Option<float>("--l1") { Description = "Weight of the sum of absolute weights.", DefaultValueFactory = _ => defaults.L1Regularization };
        var l2 = new Option<float>("--l2") { Description = "Weight of the sum of squared weights.", DefaultValueFactory = _ => defaults.L2Regularization };
        var seed = new Option<int>("--seed") { Description = "Decides what is held out; the same seed holds out the same images.", DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var preset = new Option<string?>("--preset") { Description = $"How pixels become numbers: {string.Join(", ", PreprocessingPresets.All.Select(each => each.Name))}. Default: 0 to 1.", HelpName = "NAME" };
        var size = new Option<(int Width, int Height)?>("--size") { Description = "The size that images are brought to. Default: that of the first image, where it is small.", HelpName = "N|WxH", CustomParser = ParseSize };
        var colors = new Option<ColorOrder?>("--colors") { Description = "rgb, bgr or grey. Default: those of the first image." };
        var labels = new Option<string?>("--labels") { Description = "The class names in order: one a line, or JSON. Default: the data's own.", HelpName = "FILE" };
        var labelOrder = new Option<LabelOrder>("--label-order") { Description = "The order of the data's own class names: ByName or AsMet." };
        var name = new Option<string?>("--name") { Description = "What the model is called. Default: the name of FILE.", HelpName = "NAME" };
        foreach (var option in new Option[] { output, trainer, validation, epochs, l1, l2, seed, preset, size, colors, labels, labelOrder, name })
            command.Options.Add(option);
        trainer.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var other && !Trainers.Contains(other))
                result.AddError($"--trainer was '{other}'; this version has: {string.Join(", ", Trainers)}.");
        });

        command.Does((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            OutputFile.Check(path);
            var dataset = data.OpenForTraining(parsed, options => options with
            {
                Labels = parsed.GetValue(labels) is { } file ? LabelsFile.Read(file) : null,
                LabelOrder = parsed.GetValue(labelOrder),
            });
            var settings = defaults with
            {
                Name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path),
                CreatedAt = TimeProvider.System.GetUtcNow(),
                CalibrationShare = parsed.GetValue(validation),
                MaximumIterations = parsed.GetValue(epochs),
                L1Regularization = parsed.GetValue(l1),
                L2Regularization = parsed.GetValue(l2),
                Seed = parsed.GetValue(seed),
                Preprocessing = Preprocessing(dataset, parsed.GetValue(preset), parsed.GetValue(size), parsed.GetValue(colors)),
            };
            DataNotes.Write(screen, dataset);
            var bundle = screen.While(progress => ImageClassificationPipeline.Train(dataset, settings, progress, cancellation));
            DataNotes.WriteSkipped(screen, dataset);
            Bundles.Save(screen, bundle, path);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>What the caller said about pixels, on top of what the first image suggests; null where nothing was said.</summary>
    private static ImagePreprocessing? Preprocessing(ImageDataset dataset, string? preset, (int Width, int Height)? size, ColorOrder? colors)
    {
        if (preset is null && size is null && colors is null)
            return null;
        var preprocessing = preset is null ? ImageClassificationPipeline.PreprocessingFor(dataset) : PreprocessingPresets.Get(preset);
        if (size is var (width, height))
        {
            var side = preprocessing.ShorterSide is { } shorter ? shorter * Math.Max(width, height) / Math.Max(preprocessing.Width, preprocessing.Height) : (int?)null;
            preprocessing = preprocessing with { Width = width, Height = height, ShorterSide = side };
        }

        return colors is { } order ? preprocessing with { Colors = order } : preprocessing;
    }

    private static (int Width, int Height)? ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        int[] sides = [.. text.Split('x').Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? pixels : 0)];
        if (sides.Length is 1 or 2 && sides.All(side => side is >= 1 and <= ImagePreprocessing.LargestSide))
            return (sides[0], sides[^1]);
        result.AddError($"--size was '{text}'; it must be a side in pixels (28) or WIDTHxHEIGHT (32x24), each 1 to {ImagePreprocessing.LargestSide}.");
        return null;
    }
}
