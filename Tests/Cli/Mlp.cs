using System.Diagnostics;
using System.Text.Json;

namespace MLPipelines.Tests.Cli;

/// <summary>What a run of <c>mlp</c>, in a process of its own, came to.</summary>
internal sealed record MlpResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The line that says why the command failed; there must be exactly one.</summary>
    public string ErrorLine =>
        Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(line => line.StartsWith("error:", StringComparison.Ordinal));
}

/// <summary>Runs <c>mlp</c> as a person or a script would.</summary>
internal static class Mlp
{
    public static MlpResult Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mlp.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static MlpResult Succeeds(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.AreEqual(0, result.ExitCode, $"mlp {string.Join(' ', arguments)}\n{result.Error}");
        return result;
    }
}
