using System.Reflection;

namespace MLPipelines.Evaluation;

/// <summary>What the page is made of: its template, style and scripts, embedded in this assembly, and plotly.js, embedded in Plotly.NET's.</summary>
public static class ReportAssets
{
    /// <summary>The text of plotly.js, in the version that Plotly.NET brings.</summary>
    public static string Plotly { get; } = Text(
        typeof(Plotly.NET.GenericChart).Assembly, name => name.StartsWith("Plotly.NET.plotly-", StringComparison.Ordinal), "plotly.js");

    /// <summary>The text of an embedded file, with line ends as an HTML parser sees them.</summary>
    /// <param name="name">Its file name, such as <c>report.css</c>.</param>
    /// <exception cref="ArgumentException">No such file is embedded.</exception>
    public static string Read(string name) => Text(typeof(ReportAssets).Assembly, embedded => embedded == name, name);

    private static string Text(Assembly assembly, Func<string, bool> isIt, string what)
    {
        var names = assembly.GetManifestResourceNames();
        using var stream = assembly.GetManifestResourceStream(names.FirstOrDefault(isIt) ?? "")
            ?? throw new ArgumentException($"'{what}' is not embedded in {assembly.GetName().Name}; embedded are {string.Join(", ", names)}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
