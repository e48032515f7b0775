using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace MLPipelines.Pipelines;

/// <summary>The software that made a bundle or a report.</summary>
/// <param name="MLPipelines">This library's version.</param>
/// <param name="MLNet">The ML.NET in use: <c>MLPipelines.Engine 0.1.0</c> or <c>Microsoft.ML 5.0.0</c>.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record EngineRecord(string MLPipelines, string MLNet, string Runtime)
{
    /// <summary>The software that runs now.</summary>
    public static EngineRecord Current()
    {
        var engine = typeof(MLContext).Assembly;
        var name = engine.GetName().Name == "MLPipelines.Engine" ? "MLPipelines.Engine" : "Microsoft.ML";
        return new(Version(typeof(EngineRecord).Assembly), $"{name} {Version(engine)}", RuntimeInformation.FrameworkDescription);
    }

    // "0.1.0+3f2a…": the commit is no part of the version.
    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
