using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>A section together with what it shows: all that the page needs of it.</summary>
/// <param name="Id">The fragment of its address.</param>
/// <param name="Title">Its heading, and its name in the navigation; empty for neither.</param>
/// <param name="Width">How much of the width it takes, as <see cref="ReportSection.Width"/>.</param>
/// <param name="Lead">What stands under the heading; null for nothing.</param>
/// <param name="Render">Writes its HTML.</param>
/// <param name="WriteData">Writes its properties into the page’s JSON object.</param>
internal sealed record PageSection(string Id, string Title, string Width, Markup? Lead, Action<Markup> Render, Action<Utf8JsonWriter> WriteData)
{
    /// <summary>A section of an evaluation.</summary>
    public static PageSection Of(ReportSection section, ReportContent content) => new(
        section.Id, section.Title, section.Width, section.Lead(content), html => section.Render(html, content), json => section.WriteData(json, content));

    /// <summary>A section of a training.</summary>
    public static PageSection Of(HistorySection section, TrainingFacts facts) => new(
        section.Id, section.Title, section.Width, section.Lead(facts), html => section.Render(html, facts), json => section.WriteData(json, facts));
}
