using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The text layout of a <see cref="ConfusionMatrix"/>.</summary>
internal static class ConfusionTable
{
    private const string Predicted = "PREDICTED";
    private const string Truth = "TRUTH";
    private const string Precision = "Precision";

    /// <summary>
    /// Columns headed by class names where all fit into a column, else by indices, with <c>index. name</c> before the rows.
    /// </summary>
    internal static string Format(ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        var longestName = names.Max(name => name.Length);
        var longestCount = matrix.Counts.Max(row => row.Max(count => Count(count).Length));
        var width = Math.Max(names.Count > 2 ? 5 : 8, longestCount);

        string[] heads = [.. names];
        string[] rows = [.. names];
        if (longestName > width)
        {
            heads = [.. Enumerable.Range(0, names.Count).Select(index => $"{index}")];
            var digits = heads[^1].Length;
            rows = [.. names.Select((name, index) => $"{heads[index].PadLeft(digits)}. {name.PadLeft(longestName)}")];
        }
        var margin = Math.Max(Precision.Length, rows.Max(row => row.Length));
        var rule = $"{new string(' ', margin)} ||{new string('=', (width + 3) * names.Count)}";

        var table = new StringBuilder();
        void Line(string text) => table.Append(text).Append(Environment.NewLine);
        void Row(string head, IEnumerable<string> cells, string tail) =>
            Line($"{head} ||{string.Join(" |", cells.Select(cell => cell.PadLeft(width + 1)))} |{tail}");

        Line("");
        Line("Confusion table");
        Line(rule);
        Row(Predicted.PadRight(margin), heads, " Recall");
        Line($"{Truth.PadRight(margin)} ||{rule[(margin + 3)..]}");
        for (var actual = 0; actual < names.Count; actual++)
            Row(rows[actual].PadLeft(margin), matrix.Counts[actual].Select(Count), $" {Share(matrix.PerClassRecall[actual])}");
        Line(rule);
        Row(Precision.PadRight(margin), matrix.PerClassPrecision.Select(Share), "");
        return table.ToString();
    }

    private static string Count(double count) => count.ToString("F0", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("F4", CultureInfo.InvariantCulture);
}
