using System.Globalization;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>Small evaluations whose numbers are known, for the tests of the report.</summary>
internal static class ReportSamples
{
    /// <summary>Names that try to become markup, script, JSON or a place of the template.</summary>
    public static readonly string[] HostileNames =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>", "</script><script>alert(3)</script>", "<!-- {{data}} <script>",
        "a&amp;b <b>bold</b> <a href=\"javascript:alert(4)\">x</a>", "line\u2028and\u2029separators %{x} $\\alpha$ '` ${alert(5)}",
    ];

    /// <summary>A 1 × 1 picture: PNG.</summary>
    public static readonly byte[] Png =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>
    /// Each class has so many rows, a multiple of 10: of class c, (c mod 5) tenths of them go to the next class, the others are right.
    /// The confidence is 0.9 and 0.7 in turn; the id is <c>image-n</c>.
    /// </summary>
    public static ScoredRows Rows(int perClass, string[] labels)
    {
        var rows = new ScoredRowsBuilder(labels);
        var scores = new double[labels.Length];
        for (var row = 0; row < perClass * labels.Length; row++)
        {
            var (actual, nth) = (row / perClass, row % perClass);
            var predicted = nth < perClass / 10 * (actual % 5) ? (actual + 1) % labels.Length : actual;
            var confidence = row % 2 == 0 ? 0.9 : 0.7;
            Array.Fill(scores, (1 - confidence) / Math.Max(1, labels.Length - 1));
            scores[predicted] = confidence;
            rows.Add(labels[actual], scores, $"image-{row}");
        }

        return rows.Build();
    }

    /// <summary>The evaluation of 20 <see cref="Rows"/> of each class.</summary>
    public static ClassificationEvaluation Evaluated(params string[] labels) => ClassificationEvaluation.Of(Rows(20, labels));

    /// <summary><paramref name="count"/> class names: class 0, class 1, …</summary>
    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(c => string.Create(CultureInfo.InvariantCulture, $"class {c}"))];

    /// <summary>The report’s HTML.</summary>
    public static string Html(ClassificationEvaluation evaluation, ReportDetails? details = null)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        new EvaluationReport(evaluation, details).Write(writer);
        return writer.ToString();
    }
}
