using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MLPipelines.Evaluation;
using static MLPipelines.Tests.Evaluation.ReportSamples;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class EvaluationReportTests
{
    private const string PlotlyBanner = "* plotly.js v";

    [TestMethod]
    public void Plotly_and_the_data_are_embedded_exactly_once()
    {
        var html = Html(Evaluated("cat", "dog", "fox"));

        Assert.AreEqual(1, Occurrences(html, PlotlyBanner));
        Assert.AreEqual(1, Occurrences(html, "id=\"report-data\""));
        Assert.AreEqual(3, Occurrences(html, "</script>"));
    }

    [TestMethod]
    public void The_policy_allows_the_two_scripts_of_the_page_and_nothing_from_outside()
    {
        var html = Html(Evaluated("cat", "dog"));

        var policy = Regex.Match(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\">").Groups[1].Value;
        var hashes = Regex.Matches(html, "<script>(.*?)</script>", RegexOptions.Singleline)
            .Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups[1].Value)))}'").ToArray();

        Assert.HasCount(2, hashes);
        Assert.AreEqual(
            $"default-src 'none'; script-src {hashes[0]} {hashes[1]}; style-src 'unsafe-inline'; img-src data: blob:; "
            + "base-uri 'none'; form-action 'none'",
            policy);
    }

    [TestMethod]
    public void The_page_names_no_address_that_a_browser_would_load()
    {
        var html = WithoutPlotly(Html(Evaluated("cat", "dog"), new() { Thumbnails = _ => Png }));

        foreach (Match address in Regex.Matches(html, "(?:src|href)=\"([^\"]*)\""))
            Assert.IsTrue(address.Groups[1].Value is ['#', ..]
                || address.Groups[1].Value.StartsWith("data:image/", StringComparison.Ordinal), address.Value);
        Assert.IsFalse(Regex.IsMatch(html, @"@import|url\("), "the style loads something");
    }

    [TestMethod]
    public void Hostile_names_are_text_wherever_they_stand()
    {
        var html = WithoutPlotly(Html(
            Evaluated(HostileNames),
            new()
            {
                Title = HostileNames[0], Subtitle = HostileNames[1], Warnings = HostileNames, Thumbnails = _ => Png,
                Used = [.. HostileNames.Select(name => new ReportGroup(name, [new(name, name, IsCode: true)]))],
            }));

        foreach (var tag in new[] { "<script>alert", "<img src=x", "<b>bold", "href=\"javascript", "<!--" })
            HoldsNot(tag, html);
        Assert.AreEqual(3, Occurrences(html, "<script"));
        Assert.AreEqual(3, Occurrences(html, "</script"));
        CollectionAssert.AreEqual(HostileNames, Data(html).GetProperty("labels").EnumerateArray().Select(label => label.GetString()).ToArray());
    }

    [TestMethod]
    public void Every_class_stands_in_the_table_with_its_numbers()
    {
        var evaluation = Evaluated(Names(40));

        var rows = Regex.Match(Html(evaluation), "id=\"classes-table\">.*?<tbody>(.*?)</tbody>", RegexOptions.Singleline).Groups[1].Value;

        Assert.AreEqual(40, Occurrences(rows, "<tr>"));
        foreach (var one in evaluation.PerClass)
        {
            Holds($"<th scope=\"row\">{one.Label}</th><td class=\"n\" data-v=\"20\">20</td>", rows);
            Holds($">{Figures.Score(one.F1)}</td>", rows);
        }
    }

    [TestMethod]
    public void Undefined_values_print_as_not_applicable_and_sort_last()
    {
        var html = Html(ClassificationEvaluation.Of(ScoredRows.Of(["seen", "never"], ["seen"], [[0.9, 0.1]])));

        var rows = Regex.Matches(html, "<tr><th scope=\"row\">(seen|never)</th>.*?</tr>").ToArray();

        Assert.AreEqual("seen", rows[0].Groups[1].Value);
        Holds("data-v=\"\">n/a</td>", rows[1].Value);
    }

    // Each class has 20 rows, of class c 2·c go to the next: wrong are 0 + 2 + 4 of 60.
    [TestMethod]
    public void The_verdict_is_a_sentence_with_the_numbers()
    {
        var html = Html(Evaluated("cat", "dog", "fox"), new() { Title = "Pets" });

        Holds("Right on <strong>54 of 60 images</strong> (90.0\u00A0%, 95\u00A0% interval 79.8–95.4).", html);
        Holds("<h1 id=\"top-title\">Pets</h1>", html);
    }

    [TestMethod]
    public void All_rows_that_were_read_are_accounted_for()
    {
        var rows = ScoredRows.Of(["a", "b"], ["a", "zebra", null, "b", "b"], [[0.9, 0.1], [0.5, 0.5], [0.5, 0.5], [double.NaN, 0], [0.2, 0.8]]);

        var html = Html(ClassificationEvaluation.Of(rows), new() { SkippedImages = 7, Warnings = ["Mind the gap."] });

        var account = Regex.Replace(Regex.Match(html, "<p class=\"account\">(.*?)</p>").Groups[1].Value, "<[^>]*>", "");
        Assert.AreEqual("12 read= 2 used+ 1 with an unknown label+ 1 without a label+ 1 with invalid scores+ 7 skipped images", account);
        Holds("<li>Mind the gap.</li>", html);
        Holds("zebra (1)", html);
    }

    [TestMethod]
    public void The_matrix_travels_sparse_with_truth_in_rows()
    {
        var data = Data(Html(Evaluated("cat", "dog", "fox")));

        Assert.AreEqual("[[0,20],[1,18,2,2],[0,4,2,16]]", data.GetProperty("confusion").GetRawText());
        Assert.AreEqual(3, data.GetProperty("topK").GetArrayLength());
    }

    [TestMethod]
    public void Small_matrices_are_a_table_and_large_ones_say_where_to_look()
    {
        Holds("id=\"confusion-table\"", Html(Evaluated(Names(30))));
        var large = Html(Evaluated(Names(31)));
        HoldsNot("id=\"confusion-table\"", large);
        Holds("<noscript><p>The heat map of 31 classes", large);
    }

    [TestMethod]
    public void A_picture_is_embedded_or_its_absence_is_explained()
    {
        var large = new byte[300_000];
        Png.CopyTo(large, 0);

        var html = Html(Evaluated("cat", "dog", "fox"), new()
        {
            Thumbnails = id => id switch { "image-20" => Png, "image-21" => null, "image-40" => Encoding.ASCII.GetBytes("P5 1 1 255 x"), _ => large },
        });

        Holds($"src=\"data:image/png;base64,{Convert.ToBase64String(Png)}\"", html);
        Holds(">No picture<", html);
        Holds(">Picture in a format that browsers do not show<", html);
        Holds(">Picture of 292 KiB left out<", html);
    }

    [TestMethod]
    public void The_calibration_stands_before_and_after_the_temperature_when_both_are_given()
    {
        var evaluation = Evaluated("cat", "dog", "fox");

        var both = Html(evaluation, new() { Calibration = new(1.73, evaluation) });

        Holds("After, T = 1.73", both);
        Assert.AreEqual(2, Data(both).GetProperty("calibrations").GetArrayLength());
        Assert.AreEqual(1, Data(Html(evaluation)).GetProperty("calibrations").GetArrayLength());
    }

    [TestMethod]
    public void Numbers_of_the_built_in_evaluator_stand_beside_ours()
    {
        var evaluation = Evaluated("cat", "dog", "fox") with { MLNet = new(0.9, 0.91, 0.25, 0.8, [0.9, 0.95]) };

        var html = Html(evaluation);

        Holds("<th scope=\"row\">MacroAccuracy</th><td class=\"n\">0.910</td><td class=\"n\">0.900</td>", html);
        Holds("<th scope=\"row\">TopKAccuracy, k = 2</th><td class=\"n\">0.950</td>", html);
        HoldsNot("id=\"mlnet-table\"", Html(Evaluated("cat", "dog", "fox")));
    }

    [TestMethod]
    public void An_evaluation_without_rows_or_with_one_class_or_without_mistakes_is_a_report_too()
    {
        Holds("None of the 0 rows could be evaluated.", Html(ClassificationEvaluation.Of(new ScoredRowsBuilder(["a", "b"]).Build())));
        Holds("Right on <strong>2 of 2 images</strong>", Html(ClassificationEvaluation.Of(ScoredRows.Of(["a"], ["a", "a"], [[1], [1]]))));
        HoldsNot("id=\"mistakes\"", Html(ClassificationEvaluation.Of(ScoredRows.Of(["a", "b"], ["a", "b"], [[1, 0], [0, 1]]))));
    }

    [TestMethod]
    public void Equal_input_gives_an_equal_file() => Assert.AreEqual(Html(Evaluated("a", "b")), Html(Evaluated("a", "b")));

    [TestMethod]
    public void A_caller_may_add_a_section_of_its_own()
    {
        using var writer = new StringWriter();

        new EvaluationReport(Evaluated("a", "b")) { Sections = [.. EvaluationReport.StandardSections, new OwnSection()] }.Write(writer);

        Holds("<h2 id=\"own-title\">My &lt;own&gt;</h2>", writer.ToString());
        Assert.AreEqual(3, Data(writer.ToString()).GetProperty("own").GetInt32());
    }

    internal static string WithoutPlotly(string html) => html.Replace(ReportAssets.Plotly, "", StringComparison.Ordinal);

    private static void Holds(string part, string html) => Assert.IsTrue(html.Contains(part, StringComparison.Ordinal), $"The page lacks {part}");

    private static void HoldsNot(string part, string html) => Assert.IsFalse(html.Contains(part, StringComparison.Ordinal), $"The page has {part}");

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static JsonElement Data(string html) =>
        JsonDocument.Parse(Regex.Match(html, "id=\"report-data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;

    private sealed class OwnSection : ReportSection
    {
        public override string Id => "own";

        public override string Title => "My <own>";

        public override void Render(Markup html, ReportContent content) => html.Add($"<p>{3}</p>");

        public override void WriteData(Utf8JsonWriter json, ReportContent content) => json.WriteNumber("own", 3);
    }
}
