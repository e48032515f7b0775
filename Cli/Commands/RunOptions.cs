using System.CommandLine;
using MLPipelines.Learning;
using MLPipelines.Pipelines;

namespace MLPipelines.Cli.Commands;

/// <summary>The options of a training that do not change what it learns: where it writes, what it keeps, how many threads.</summary>
internal sealed class RunOptions
{
    private readonly Option<int> threads = new("--threads") { Description = "How many threads train; 0: as many as there are cores. The result is the same.", HelpName = "N" };
    private readonly Option<string?> checkpoints = new("--checkpoints") { Description = "The folder of the checkpoints, which stays. Default: beside the bundle, removed when it is done.", HelpName = "DIR" };
    private readonly Option<bool> resume = new("--resume") { Description = "Goes on with the training that left its checkpoint." };
    private readonly Option<string?> history = new("--history") { Description = "Writes the history of the training too: .json, .csv or .html.", HelpName = "FILE" };
    private readonly Option<string?> cache = new("--cache") { Description = "The folder of decoded images and of embeddings. Default: the user's folder for caches.", HelpName = "DIR" };
    private readonly Option<bool> noCache = new("--no-cache") { Description = "Decode and embed images into memory, and write no cache." };
    private readonly Option<bool> summary = new("--summary") { Description = "Show the layers of the network before training." };

    public RunOptions(Command command)
    {
        foreach (var option in new Option[] { threads, checkpoints, resume, history, cache, noCache, summary })
            command.Options.Add(option);
    }

    public int Threads(ParseResult parsed) => parsed.GetValue(threads);

    public bool Summary(ParseResult parsed) => parsed.GetValue(summary);

    /// <summary>Where the history is written; null for nowhere.</summary>
    public string? History(ParseResult parsed) => parsed.GetValue(history);

    /// <summary>Where the training is written down while it goes on.</summary>
    public CheckpointSettings Checkpoints(ParseResult parsed, string bundle) => new()
    {
        Folder = parsed.GetValue(checkpoints) ?? bundle + ".checkpoints",
        Start = parsed.GetValue(resume) ? CheckpointStart.Resume : CheckpointStart.New,
    };

    /// <summary>Whether the checkpoints are removed when the bundle is written.</summary>
    public bool CheckpointsAreTemporary(ParseResult parsed) => parsed.GetValue(checkpoints) is null;

    /// <summary>Where decoded images are kept.</summary>
    public DecodedCacheSettings Cache(ParseResult parsed) =>
        parsed.GetValue(noCache) ? DecodedCacheSettings.Off : new DecodedCacheSettings { Folder = parsed.GetValue(cache) };
}
