using System.CommandLine;
using MLPipelines.Cli.Commands;
using MLPipelines.Cli.Terminal;
using Spectre.Console;

namespace MLPipelines.Cli;

/// <summary>The commands of <c>mlp</c>, what they share, and how a failure becomes one line and an exit code.</summary>
internal static class CommandLine
{
    // A training writes its checkpoint when it is cancelled; ML.NET's trainers do not stop by themselves, and are left behind.
    private static readonly TimeSpan timeToStop = TimeSpan.FromSeconds(8);

    /// <summary>Parses and runs one command; returns its exit code (<see cref="ExitCode"/>).</summary>
    public static async Task<int> RunAsync(string[] args, Screen screen)
    {
        var json = new Option<bool>("--json") { Description = "Write the result to standard output as one JSON document.", Recursive = true };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "No progress, no notes.", Recursive = true };
        var verbose = new Option<bool>("--verbose") { Description = "Show where an error comes from.", Recursive = true };
        var root = new RootCommand("MLPipelines: train, import, calibrate and evaluate image classifiers.")
        {
            json, quiet, verbose,
        };
        foreach (var command in Commands(screen))
            root.Subcommands.Add(command);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            screen.Failure(string.Join(" ", parsed.Errors.Select(error => error.Message)));
            screen.Error.WriteLine($"See: mlp {string.Join(' ', [.. Names(parsed.CommandResult), "--help"])}");
            return ExitCode.WrongUsage;
        }

        screen.WantsJson = parsed.GetValue(json);
        screen.Quiet = parsed.GetValue(quiet);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = timeToStop });
            // Work that was left behind ends without an exception.
            if (code == ExitCode.Cancelled)
                screen.Failure(screen.WhenCancelled);
            return code;
        }
        catch (Exception failure)
        {
            failure = failure is AggregateException { InnerExceptions: [var only] } ? only : failure;
            screen.Failure(failure is OperationCanceledException ? screen.WhenCancelled : Message(failure));
            if (parsed.GetValue(verbose))
                screen.Error.WriteLine(failure.ToString());
            return ExitCode.Of(failure);
        }
    }

    private static IEnumerable<Command> Commands(Screen screen) =>
    [
        DemoCommand.Create(screen),
        TrainCommand.Create(screen),
        ImportCommand.Create(screen),
        PredictCommand.Create(screen),
        ScoreCommand.Create(screen),
        EvaluateCommand.Create(screen),
        CalibrateCommand.Create(screen),
        DoctorCommand.Create(screen),
    ];

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult? result) =>
        result?.Parent is System.CommandLine.Parsing.CommandResult parent ? [.. Names(parent), result.Command.Name] : [];

    /// <summary>The message without what is for programmers, the name of a parameter.</summary>
    private static string Message(Exception failure) =>
        failure is ArgumentException { ParamName: { } name } ? failure.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : failure.Message;
}
