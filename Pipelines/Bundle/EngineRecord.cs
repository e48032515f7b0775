using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace MLPipelines.Pipelines;

/// <summary>The software that made a bundle or a report.</summary>
/// <param name="MLPipelines">This library's version.</param>
/// <param name="MLNet">The ML.NET in use: <c>Microsoft.ML 5.0.1</c>.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record EngineRecord(string MLPipelines, string MLNet, string Runtime)
{
    /// <summary>The software that runs now.</summary>
    public static EngineRecord Current() =>
        new(Version(typeof(EngineRecord).Assembly), $"Microsoft.ML {Version(typeof(MLContext).Assembly)}", RuntimeInformation.FrameworkDescription);

    // "0.1.0+3f2a…": the commit is no part of the version.
    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
