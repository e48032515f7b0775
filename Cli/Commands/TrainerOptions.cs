using System.CommandLine;
using MLPipelines.Learning;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>The options that say what learns: <c>--trainer</c>, and what it begins with.</summary>
internal sealed class TrainerOptions
{
    private const string MaximumEntropy = "maxent", HeadName = "head", Default = "cnn";

    private static readonly Dictionary<string, NetworkDefinition> heads = new(StringComparer.Ordinal) { ["linear"] = HeadTraining.Linear, ["mlp"] = HeadTraining.Mlp };

    private readonly Option<string> trainer = new("--trainer") { Description = $"What learns: {Known}, or a network in a JSON file.", DefaultValueFactory = _ => Default, HelpName = "NAME|FILE.json" };
    private readonly Option<string?> from = new("--from", "--initial") { Description = "A bundle whose network, or head, is trained further.", HelpName = "BUNDLE" };
    private readonly Option<string?> backbone = new("--backbone") { Description = "head: the model whose inner values a new head learns from.", HelpName = "BUNDLE|FILE.onnx" };
    private readonly Option<string?> embedding = new("--embedding") { Description = "head: the inner value, by name. Default: what the last weighted node reads, averaged over the image.", HelpName = "TENSOR" };
    private readonly Option<string?> head = new("--head") { Description = "head: linear, mlp, or a network in a JSON file. Default: linear.", HelpName = "NAME|FILE.json" };
    private readonly Option<bool> mirror = new("--mirror") { Description = "head: the backbone sees each image in the mirror too, and the head reads the mean of both. For photos; takes twice the time." };
    private readonly Option<float?> l1 = new("--l1") { Description = "maxent: weight of the sum of absolute weights." };
    private readonly Option<float?> l2 = new("--l2") { Description = "maxent: weight of the sum of squared weights." };

    public TrainerOptions(Command command)
    {
        foreach (var option in new Option[] { trainer, from, backbone, embedding, head, mirror, l1, l2 })
            command.Options.Add(option);
    }

    private static string Known => string.Join(", ", ReadyMadeTrainings.All.Keys.Append(HeadName).Append(MaximumEntropy));

    /// <summary>The bundle that is trained on, opened; null where the training begins anew.</summary>
    public ModelBundle? From(ParseResult parsed) => parsed.GetValue(from) is { } path ? Bundles.Open(path) : null;

    /// <summary>The training that was asked for, with the settings that suit it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="start">The bundle that is trained on.</param>
    /// <param name="preset">How an ONNX backbone's pixels become numbers.</param>
    /// <exception cref="ArgumentException">There is no such trainer, or an option is given that it does not take.</exception>
    public ClassifierTraining Training(ParseResult parsed, ModelBundle? start, string? preset)
    {
        var name = parsed.GetValue(trainer)!;
        if (name != MaximumEntropy) Refuse(parsed, name, MaximumEntropy, l1, l2);
        if (name == MaximumEntropy) Refuse(parsed, name, "a network", from);
        if (start is not null)
        {
            var named = parsed.GetResult(trainer) is { Implicit: false } ? name : null;
            return Bundles.Loading(() => HeadTraining.IsIn(start)) ? ContinuedHead(parsed, start, named, preset) : ContinuedNetwork(parsed, start, named);
        }

        if (name != HeadName) Refuse(parsed, name, HeadName, backbone, embedding, head, mirror);
        switch (name)
        {
            case MaximumEntropy:
                var defaults = new MaximumEntropyTraining();
                return defaults with { L1Regularization = parsed.GetValue(l1) ?? defaults.L1Regularization, L2Regularization = parsed.GetValue(l2) ?? defaults.L2Regularization };
            case HeadName:
                var path = parsed.GetValue(backbone) ?? throw new ArgumentException("--trainer head needs --backbone: a bundle or an ONNX file of images (with --preset).");
                return new HeadTraining
                {
                    Backbone = Bundles.Loading(() => Backbone.Read(path, preset)),
                    Embedding = parsed.GetValue(embedding),
                    Mirrors = parsed.GetValue(mirror),
                    Head = parsed.GetValue(head) is { } network ? Definition(network, "--head", heads) : HeadTraining.Linear,
                };
            default:
                return ReadyMade(name) ?? ReadyMadeTrainings.Cnn with { Definition = Definition(name, "--trainer", []) };
        }
    }

    private HeadTraining ContinuedHead(ParseResult parsed, ModelBundle start, string? named, string? preset)
    {
        if (named is not (null or HeadName))
            throw new ArgumentException($"--from names a bundle with a head, and --trainer '{named}'; leave --trainer out, the bundle decides.");
        foreach (var option in new Option[] { backbone, embedding, head, mirror })
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"--from goes on with the head of '{start.Manifest.Name}' on the backbone in it; leave out {option.Name}. For another backbone or head, begin anew: --trainer head without --from.");
        if (preset is not null)
            throw new ArgumentException($"The bundle '{start.Manifest.Name}' knows how its pixels become numbers; leave out --preset.");
        return Bundles.Loading(() => HeadTraining.StartingFrom(start));
    }

    private NetworkTraining ContinuedNetwork(ParseResult parsed, ModelBundle start, string? named)
    {
        if (named == HeadName)
        {
            throw new ArgumentException(
                $"--from names the bundle '{start.Manifest.Name}', which ends in no head that says how it was made, so that there is none to go on with. "
                + "To put a new head on it, name it by --backbone instead.");
        }

        var continued = ReadyMadeTrainings.Cnn.StartingFrom(start);
        Refuse(parsed, continued.Name, HeadName, backbone, embedding, head, mirror);
        if (named is not null && continued.Name != named)
            throw new ArgumentException($"--from names a bundle with the network '{continued.Name}', and --trainer '{named}'; leave --trainer out, the bundle decides.");
        return continued with { Settings = (ReadyMade(continued.Name) ?? ReadyMadeTrainings.Cnn).Settings };
    }

    private static NetworkTraining? ReadyMade(string name) => ReadyMadeTrainings.All.GetValueOrDefault(name);

    private static NetworkDefinition Definition(string name, string option, Dictionary<string, NetworkDefinition> known)
    {
        if (known.TryGetValue(name, out var definition)) return definition;
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return File.Exists(name) ? NetworkDefinition.Read(name) : throw new FileNotFoundException($"{option} names the network '{name}', and there is no such file.", name);
        throw new ArgumentException($"{option} was '{name}'; there are {(known.Count > 0 ? string.Join(", ", known.Keys) : Known)}, or a file with a network (.json).");
    }

    private static void Refuse(ParseResult parsed, string name, string taker, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"{option.Name} is for {(taker == "a network" ? taker : $"--trainer {taker}")}; --trainer {name} does not take it.");
    }
}
