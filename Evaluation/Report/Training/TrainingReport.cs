using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>The report of a training alone, where there is no evaluation: one HTML file like that of <see cref="EvaluationReport"/>.</summary>
/// <remarks>Equal input gives an equal file. Not thread-safe.</remarks>
/// <param name="history">The training.</param>
/// <param name="details">
/// Title, subtitle, warnings, what was used, and the date; all else in it belongs to evaluations. Null for the network’s name as the title.
/// </param>
public sealed class TrainingReport(TrainingHistory history, ReportDetails? details = null)
{
    /// <summary>The sections of a training, in order; they are among <see cref="EvaluationReport.StandardSections"/> too.</summary>
    public static IReadOnlyList<HistorySection> HistorySections { get; } =
        [new TrainingSection(), new TrainingClassesSection(), new TrainingConfusionSection()];

    /// <summary>Writes the HTML to a file. A file of that name is replaced only once the new one is complete.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <param name="history">The training.</param>
    /// <exception cref="ArgumentException">The history contradicts itself.</exception>
    /// <exception cref="IOException">The folder does not exist or cannot be written to, the path is a folder, or the disk is full.</exception>
    public static void Write(string path, TrainingHistory history) => new TrainingReport(history).Write(path);

    /// <inheritdoc cref="Write(string, TrainingHistory)"/>
    public void Write(string path) => AtomicFile.WriteText(path, Write);

    /// <summary>Writes the HTML.</summary>
    /// <exception cref="ArgumentException">The history contradicts itself.</exception>
    public void Write(TextWriter writer)
    {
        history.Validate();
        var shown = details ?? new ReportDetails { Title = history.Network };
        var facts = new TrainingFacts(history);
        ReportGroup[] used = [TrainingHeader.Settings(history), .. shown.Used];
        new ReportPage
        {
            Title = shown.Title, Labels = history.Labels, GeneratedAt = shown.GeneratedAt,
            Sections =
            [
                new("top", "", "", null, html => TrainingHeader.Render(html, facts, shown), _ => { }),
                .. HistorySections.Where(section => section.AppliesTo(facts)).Select(section => PageSection.Of(section, facts)),
                new("used", "What was used", "", null, html => ProvenanceSection.Render(html, used), _ => { }),
            ],
            SectionScripts = HistorySections.Select(section => section.Script),
        }.Write(writer);
    }
}
