using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>What every section reads.</summary>
/// <param name="Evaluation">The metrics.</param>
/// <param name="Details">What the caller says beside them.</param>
public sealed record ReportContent(ClassificationEvaluation Evaluation, ReportDetails Details);

/// <summary>
/// A section of the report: HTML that reads without a script and, if it has a chart, the data and the script that draw it.
/// </summary>
public abstract class ReportSection
{
    /// <summary>The fragment of its address, unique on the page.</summary>
    public abstract string Id { get; }

    /// <summary>Its heading, and its name in the navigation.</summary>
    public abstract string Title { get; }

    /// <summary>How much of the width it takes on a large screen: <c>wide</c> (two thirds), <c>narrow</c> (one third), <c>half</c>, or empty for all.</summary>
    public virtual string Width => "";

    /// <summary>Its script, which may use what report.js offers and must do nothing where its elements or data are absent. Default: none.</summary>
    public virtual string Script => "";

    /// <summary>Whether there is something to show. Default: yes.</summary>
    public virtual bool AppliesTo(ReportContent content) => true;

    /// <summary>One or two sentences under the heading; null for none.</summary>
    public virtual Markup? Lead(ReportContent content) => null;

    /// <summary>Writes what stands under the heading.</summary>
    public abstract void Render(Markup html, ReportContent content);

    /// <summary>The button under a list of class <c>few</c>, which shows a dozen items until it is pressed; null where there are no more.</summary>
    protected static Markup? ShowAll(string listId, int count) => count <= 12 ? null : new Markup().Add(
        $"""<p class="more needs-script"><button type="button" class="plain" data-more="{listId}">Show all {count}</button></p>""");

    /// <summary>Writes properties of its own into the page’s one JSON object. Default: none.</summary>
    public virtual void WriteData(Utf8JsonWriter json, ReportContent content)
    {
    }
}
