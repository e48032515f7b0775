using System.CommandLine;
using MLPipelines.Cli.Terminal;
using MLPipelines.Images;
using MLPipelines.Pipelines;
using MLPipelines.Transforms;

namespace MLPipelines.Cli.Commands;

/// <summary><c>mlp import</c>: a foreign ONNX model becomes a bundle.</summary>
internal static class ImportCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("import", "Wrap a foreign ONNX classifier in a bundle: add the class names and the preprocessing that the file does not hold.");
        var model = new Argument<string>("MODEL") { Description = "The ONNX file." };
        var output = new Option<string>("--out") { Description = "The bundle to write.", Required = true, HelpName = "FILE" };
        var labels = new Option<string?>("--labels") { Description = "The class names in the order of the output: one a line, or a JSON list or map.", HelpName = "FILE" };
        var preset = new Option<string?>("--preset") { Description = $"How pixels are scaled: {string.Join(", ", PreprocessingPresets.All.Select(each => each.Name))}.", HelpName = "NAME" };
        var resize = new Option<ResizeMode?>("--resize") { Description = "How an image of another shape is fitted, where the preset's way is not the model's." };
        var scores = new Option<SoftmaxInput?>("--scores") { Description = "What the output is, where the graph's end does not tell rightly." };
        var inputName = new Option<string?>("--input-name") { Description = "The image input, where the model has several.", HelpName = "NAME" };
        var outputName = new Option<string?>("--output-name") { Description = "The output of the classes, where the model has several.", HelpName = "NAME" };
        var name = new Option<string?>("--name") { Description = "What the model is called. Default: the name of FILE.", HelpName = "NAME" };
        command.Arguments.Add(model);
        foreach (var option in new Option[] { output, labels, preset, resize, scores, inputName, outputName, name })
            command.Options.Add(option);

        command.Does((parsed, _) =>
        {
            var (path, target) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(output));
            OutputFile.Check(target);
            var labelsFile = parsed.GetValue(labels);
            var options = new OnnxImportOptions
            {
                Name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(target),
                Labels = labelsFile is null ? null : LabelsFile.Read(labelsFile),
                Preset = parsed.GetValue(preset),
                Input = parsed.GetValue(inputName),
                Output = parsed.GetValue(outputName),
                OutputKind = parsed.GetValue(scores),
                CreatedAt = TimeProvider.System.GetUtcNow(),
            };
            var bundle = Bundles.Import(path, options);
            if (parsed.GetValue(resize) is { } mode)
                bundle = bundle.With(manifest => manifest with { Preprocessing = (manifest.Preprocessing with { Resize = mode, ShorterSide = null }).Validate() });
            Bundles.Save(screen, bundle, target);
            return ExitCode.Done;
        });
        return command;
    }
}
