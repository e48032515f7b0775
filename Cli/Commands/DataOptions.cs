using System.CommandLine;
using System.CommandLine.Parsing;
using MLPipelines.Cli.Terminal;
using MLPipelines.Images;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>The argument and options with which a command is told where its images are and how to read them.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string?> data;

    private readonly Option<string?> part = new("--part") { Description = "The part to read: train, test, validation or all.", HelpName = "PART" };
    private readonly Option<BadItemPolicy?> onError = new("--on-error") { Description = "What to do with an item that cannot be used: fail, skip or quarantine." };
    private readonly Option<string?> quarantine = new("--quarantine") { Description = "The file to list bad items in (CSV: id, reason).", HelpName = "FILE" };
    private readonly Option<DamageOption> onDamage = new("--on-damage")
    {
        Description = "Images with damage that every viewer passes over, such as stray bytes: accept or refuse. What lacks pixels is refused.",
    };

    private readonly Option<string?> imagesRoot = new("--images-root") { Description = "Lists: the folder that paths are relative to.", HelpName = "DIR" };
    private readonly Option<string?> pathColumn = new("--path-column") { Description = "Lists: the column of the paths.", HelpName = "NAME" };
    private readonly Option<string?> labelColumn = new("--label-column") { Description = "Lists: the column of the labels.", HelpName = "NAME" };
    private readonly BadItemPolicy policy;

    private enum DamageOption
    {
        Accept,
        Refuse,
    }

    /// <param name="command">The command that reads images.</param>
    /// <param name="policy">What happens to bad items where the caller does not say.</param>
    /// <param name="optional">Whether the command can do without data.</param>
    public DataOptions(Command command, BadItemPolicy policy, bool optional = false)
    {
        this.policy = policy;
        data = new Argument<string?>("DATA")
        {
            Description = "An image folder with one sub-folder per class, a CSV or TSV list of paths and labels, or a folder of IDX files.",
            Arity = optional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        command.Arguments.Add(data);
        foreach (var option in new Option[] { part, onError, onDamage, quarantine, imagesRoot, pathColumn, labelColumn })
            command.Options.Add(option);
    }

    /// <summary>The path of the data, or null where none was given.</summary>
    public string? Path(SymbolResult result) => result.GetValue(data);

    /// <summary>Opens what a model is to learn from: the named part, else the training part.</summary>
    public ImageDataset OpenForTraining(ParseResult parsed, Func<ImageDatasetOptions, ImageDatasetOptions> more)
    {
        var dataset = ImageDataset.Open(parsed.GetValue(data)!, more(Options(parsed)));
        return parsed.GetValue(part) is null ? dataset.ForTraining() : dataset;
    }

    /// <summary>Opens what a model is judged by: the named part, else the test part. Items without a label are read too; an evaluation counts them.</summary>
    public ImageDataset OpenForEvaluation(ParseResult parsed, ModelBundle bundle)
    {
        var dataset = OpenFor(parsed, bundle);
        return parsed.GetValue(part) is null ? dataset.ForEvaluation() : dataset;
    }

    /// <summary>Opens what a temperature is fitted on: the named part, else the validation part, else data that have no parts.</summary>
    public ImageDataset OpenForCalibration(ParseResult parsed, ModelBundle bundle)
    {
        var dataset = OpenFor(parsed, bundle);
        if (parsed.GetValue(part) is not null || dataset.Parts.Count <= 1)
            return dataset;
        return dataset.Parts.Contains(DatasetParts.Validation)
            ? dataset.Part(DatasetParts.Validation)
            : throw new CommandFailedException(
                ExitCode.WrongUsage,
                $"'{dataset.Name}' has the parts {string.Join(", ", dataset.Parts)}. Say with --part which to fit on: neither what the model was trained on nor what it is to be judged by.");
    }

    /// <summary>The classes of IDX files are numbers; their names are the model's.</summary>
    private ImageDataset OpenFor(ParseResult parsed, ModelBundle bundle)
    {
        var (path, options) = (parsed.GetValue(data)!, Options(parsed) with { RequireLabels = false });
        var dataset = ImageDataset.Open(path, options);
        return dataset.Format == DatasetFormat.Idx ? ImageDataset.Open(path, options with { Labels = bundle.Labels }) : dataset;
    }

    private ImageDatasetOptions Options(ParseResult parsed) => new()
    {
        Part = parsed.GetValue(part),
        OnBadItem = parsed.GetValue(onError) ?? (parsed.GetValue(quarantine) is null ? policy : BadItemPolicy.Quarantine),
        OnDamage = parsed.GetValue(onDamage) == DamageOption.Refuse ? DamagePolicy.Refuse : DamagePolicy.Tolerate,
        QuarantineFile = parsed.GetValue(quarantine),
        ImagesRoot = parsed.GetValue(imagesRoot),
        PathColumn = parsed.GetValue(pathColumn),
        LabelColumn = parsed.GetValue(labelColumn),
    };
}
