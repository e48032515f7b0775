using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>Where a native library is looked for, in this order, and what is said when it is nowhere.</summary>
/// <remarks>
/// <list type="number">
/// <item>The path in <see cref="EnvironmentVariable"/>, a file or the folder it lies in. When the variable is set, no other place is tried.</item>
/// <item><see cref="ApplicationFolder"/>.</item>
/// <item><c>runtimes/{rid}/native</c> under it, where this project's build and NuGet packages put native libraries.</item>
/// <item>The system's own search path.</item>
/// </list>
/// </remarks>
/// <param name="LibraryName">The name people know the library by: <c>ONNX Runtime</c>.</param>
/// <param name="EnvironmentVariable">The variable that overrides every other place.</param>
/// <param name="FileNames">The names that its file may have, on any system; those for other systems are simply not found.</param>
/// <param name="Advice">What to do when it is nowhere: one or more full sentences.</param>
public sealed record NativeLibrarySearch(string LibraryName, string EnvironmentVariable, IReadOnlyList<string> FileNames, string Advice)
{
    /// <summary>The application's folder; <see cref="AppContext.BaseDirectory"/> unless said otherwise.</summary>
    public string ApplicationFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Loads the library from the first place that has it.</summary>
    /// <returns>The library's handle, never to be freed, and the path or, for the system's search path, the file name it was loaded by.</returns>
    /// <exception cref="DllNotFoundException">No place has a loadable library. The message lists every place tried, why
    /// each failed, and the advice.</exception>
    public LoadedLibrary Load()
    {
        var failures = new List<string>();
        foreach (var place in Places())
        {
            var onDisk = Path.IsPathRooted(place);
            if (onDisk && !File.Exists(place))
            {
                failures.Add($"{place}: no such file");
                continue;
            }

            try
            {
                // Without an assembly, a bare name means the system's search path alone.
                return new LoadedLibrary(NativeLibrary.Load(place), place);
            }
            catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
            {
                failures.Add(onDisk ? $"{place}: {FirstLine(failure.Message)}" : $"{place}: not on the system's search path");
            }
        }

        throw new DllNotFoundException(
            $"{LibraryName} was not found. Tried:\n  {string.Join("\n  ", failures)}\n{Advice} "
            + $"Or set {EnvironmentVariable} to the path of the library.");
    }

    private IEnumerable<string> Places()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } given)
        {
            var path = Path.GetFullPath(given);
            return Directory.Exists(path) ? FileNames.Select(name => Path.Combine(path, name)) : [path];
        }

        string[] folders = [ApplicationFolder, Path.Combine(ApplicationFolder, "runtimes", PortableRuntimeIdentifier, "native")];
        return folders.SelectMany(folder => FileNames.Select(name => Path.Combine(folder, name))).Concat(FileNames);
    }

    /// <summary>The platform as packages name it: <c>linux-x64</c>, <c>linux-musl-arm64</c>, <c>osx-arm64</c>, <c>win-x64</c>.</summary>
    public static string PortableRuntimeIdentifier { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : IsMusl ? "linux-musl" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static bool IsMusl => RuntimeInformation.RuntimeIdentifier.Contains("musl") || RuntimeInformation.RuntimeIdentifier.Contains("alpine");

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}

/// <summary>A native library in this process.</summary>
/// <param name="Handle">For <see cref="NativeLibrary.GetExport"/>.</param>
/// <param name="Location">The path it was loaded from, or its bare name when the system found it.</param>
public sealed record LoadedLibrary(nint Handle, string Location);
