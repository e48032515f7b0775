namespace MLPipelines.Evaluation;

/// <summary>The files that are embedded in this assembly: the page’s template, style and scripts, and plotly.js.</summary>
public static class ReportAssets
{
    /// <summary>The text of an embedded file, with line ends as an HTML parser sees them.</summary>
    /// <param name="name">Its file name, such as <c>report.css</c>.</param>
    /// <exception cref="ArgumentException">No such file is embedded.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"'{name}' is not embedded in MLPipelines.Evaluation; embedded are {string.Join(", ", typeof(ReportAssets).Assembly.GetManifestResourceNames())}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
