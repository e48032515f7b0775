using System.CommandLine;

namespace MLPipelines.Cli.Terminal;

/// <summary>Gives a command its work.</summary>
internal static class CommandWork
{
    /// <summary>What the command does, and the exit code that it comes to.</summary>
    /// <remarks>The work has a thread of its own, as Ctrl+C is only listened for once the command has begun to run beside it.</remarks>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellation) => Task.Run(() => work(parsed, cancellation), CancellationToken.None));
}
