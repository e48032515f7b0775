namespace MLPipelines.Evaluation;

/// <summary>The files that are embedded in this assembly: the page’s template, style and scripts, and plotly.js.</summary>
public static class ReportAssets
{
    /// <summary>The text of an embedded file, with line ends as an HTML parser sees them.</summary>
    /// <param name="name">Its file name, such as <c>report.css</c>.</param>
    /// <exception cref="ArgumentException">No such file is embedded.</exception>
    public static string Read(string name)
    {
        var assembly = typeof(ReportAssets).Assembly;
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"'{name}' is not embedded in {assembly.GetName().Name}; embedded are {string.Join(", ", assembly.GetManifestResourceNames())}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
