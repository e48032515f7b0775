namespace MLPipelines.Cli.Terminal;

/// <summary>What a script learns from <c>mlp</c>; the numbers are a contract (docs/cli.md).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int BadData = 4;
    public const int ModelCannotBeLoaded = 5;
    public const int Cancelled = 130;

    /// <summary>The code of a failure: who has to act, the caller, the data's owner, the model's, or us.</summary>
    public static int Of(Exception failure) => failure switch
    {
        CommandFailedException known => known.ExitCode,
        OperationCanceledException => Cancelled,
        InvalidDataException or FileNotFoundException or DirectoryNotFoundException => BadData,
        ArgumentException => WrongUsage,
        _ => Failed,
    };
}

/// <summary>A failure whose exit code the command knows better than the type of its exception tells.</summary>
internal sealed class CommandFailedException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode => exitCode;
}
