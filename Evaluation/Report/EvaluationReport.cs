namespace MLPipelines.Evaluation;

/// <summary>The report of an evaluation: one HTML file that needs no network, no server and, to be read, no script.</summary>
/// <remarks>
/// Charts are drawn by plotly.js, which is embedded once, as the data are. Labels, ids and all other text of the caller are shown as
/// text, and the page’s content security policy allows nothing from outside. Equal input gives an equal file. Not thread-safe.
/// </remarks>
/// <param name="evaluation">The metrics to show.</param>
/// <param name="details">Names, pictures, warnings and what was used; null for the defaults.</param>
public sealed class EvaluationReport(ClassificationEvaluation evaluation, ReportDetails? details = null)
{
    /// <summary>The sections of every report, in order. A caller may put others between them.</summary>
    public static IReadOnlyList<ReportSection> StandardSections { get; } =
    [
        new SummarySection(), new PerClassSection(), new ConfusionSection(), new ConfusedPairsSection(), new MistakesSection(),
        new CalibrationSection(), new TopKSection(), new BuiltInMetricsSection(), .. TrainingReport.HistorySections, new ProvenanceSection(),
    ];

    /// <summary>The sections of this report, in order; those with nothing to show are left out. Default: <see cref="StandardSections"/>.</summary>
    public IReadOnlyList<ReportSection> Sections { get; init; } = StandardSections;

    /// <summary>Writes the HTML.</summary>
    /// <exception cref="ArgumentException">The training history of the details contradicts itself.</exception>
    public void Write(TextWriter writer)
    {
        var content = new ReportContent(evaluation, details ?? new ReportDetails());
        content.Details.History?.Validate();
        new ReportPage
        {
            Title = content.Details.Title, Labels = evaluation.Labels, GeneratedAt = content.Details.GeneratedAt,
            Sections = [.. Sections.Where(section => section.AppliesTo(content)).Select(section => PageSection.Of(section, content))],
            SectionScripts = Sections.Select(section => section.Script),
        }.Write(writer);
    }

    /// <summary>Writes the HTML as UTF-8 to a file. A file of that name is replaced only once the new one is complete.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written to, the path is a folder, or the disk is full.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, Write);
}
