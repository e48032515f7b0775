using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLPipelines.Evaluation;

/// <summary>Puts the page together: the template with the style, the sections, their data and scripts, and a policy that allows nothing else.</summary>
internal sealed partial class ReportPage
{
    /// <summary>The page’s name.</summary>
    public required string Title { get; init; }

    /// <summary>The class names, which the scripts read.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What stands on the page, in order.</summary>
    public required IReadOnlyList<PageSection> Sections { get; init; }

    /// <summary>The scripts of all sections, also of absent ones, because sections may call one another.</summary>
    public required IEnumerable<string> SectionScripts { get; init; }

    /// <summary>When it was made, for the footer; null is not said.</summary>
    public DateTimeOffset? GeneratedAt { get; init; }

    /// <summary>Writes the HTML.</summary>
    public void Write(TextWriter writer)
    {
        var plotly = ReportAssets.Plotly;
        var script = Script();
        foreach (Match part in Template().Matches(ReportAssets.Read("report.html")))
        {
            writer.Write(part.Groups["place"].Value switch
            {
                "" => part.Value,
                "policy" => Policy(plotly, script),
                "version" => Escaped(Version),
                "title" => Escaped(Title),
                "style" => ReportAssets.Read("report.css"),
                "navigation" => Navigation(),
                "content" => Content(),
                "footer" => Footer(),
                "data" => Data(),
                "plotly" => plotly,
                "script" => script,
                var place => throw new InvalidOperationException($"Bug in MLPipelines: report.html has a place '{place}' that nothing fills."),
            });
        }
    }

    private static string Version => typeof(ReportPage).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Nothing from outside: the two scripts by their hashes, styles of the page itself (plotly.js sets some), images that are embedded.</summary>
    private static string Policy(params ReadOnlySpan<string> scripts)
    {
        var hashes = new StringBuilder();
        foreach (var script in scripts)
            hashes.Append(" 'sha256-").Append(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))).Append('\'');
        return $"default-src 'none'; script-src{hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
    }

    /// <summary>The shared scripts and those of the sections, in one scope.</summary>
    private string Script() =>
        $"(() => {{\n\"use strict\";\n{ReportAssets.Read("report.js")}\n{ReportAssets.Read("heatmap.js")}\n{string.Join("\n", SectionScripts)}\ndrawInTurn();\n}})();";

    private string Navigation()
    {
        var titled = Sections.Where(section => section.Title.Length > 0);
        return new Markup().AddEach(titled, (list, section) => list.Add($"""<li><a href="#{section.Id}">{section.Title}</a></li>""")).ToString();
    }

    private string Content()
    {
        var html = new Markup();
        foreach (var section in Sections)
        {
            html.Add($"""<section id="{section.Id}" class="{section.Width}" aria-labelledby="{section.Id}-title">""");
            if (section.Title.Length > 0)
            {
                html.Add($"""<header><h2 id="{section.Id}-title">{section.Title}</h2>""");
                if (section.Lead is { } lead) html.Add($"<p>{lead}</p>");
                html.Add($"</header>\n");
            }

            section.Render(html);
            html.Add($"</section>\n");
        }

        return html.ToString();
    }

    private string Footer()
    {
        var html = new Markup().Add($"Made by MLPipelines {Version}");
        if (GeneratedAt is { } time) html.Add($" on {time.ToString("d MMMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture)}");
        return html.Add($". This page is complete in itself: it loads nothing from anywhere. Charts are drawn by plotly.js (MIT licence).").ToString();
    }

    /// <summary>One JSON object. The writer’s default encoder leaves no &lt;, &gt;, &amp; or U+2028 in it, so it cannot end its script element.</summary>
    private string Data()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("labels");
            foreach (var label in Labels) json.WriteStringValue(label);
            json.WriteEndArray();
            foreach (var section in Sections) section.WriteData(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Escaped(string text) => new Markup().Add($"{text}").ToString();

    [GeneratedRegex(@"\{\{(?<place>\w+)\}\}|(?:(?!\{\{\w+\}\}).)+", RegexOptions.Singleline)]
    private static partial Regex Template();
}
