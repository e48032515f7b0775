using System.Text.Json;
using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>A case of Tests/Recorded/evaluation/cases.json: scored rows, and what scikit-learn says of them.</summary>
internal sealed record RecordedCase(string Name, ScoredRows Rows, JsonElement Expected)
{
    public static IReadOnlyList<RecordedCase> All { get; } = Load();

    public override string ToString() => Name;

    /// <summary>A recorded number; NaN where it is undefined.</summary>
    public static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Null ? double.NaN : element.GetDouble();

    public static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    private static RecordedCase[] Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Recorded", "evaluation", "cases.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateArray()
            .Select(entry => new RecordedCase(entry.GetProperty("name").GetString()!, RowsOf(entry), entry.GetProperty("expected").Clone()))];
    }

    private static ScoredRows RowsOf(JsonElement entry)
    {
        var classes = entry.GetProperty("classes").GetInt32();
        string[] labels = [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
        if (entry.TryGetProperty("generator", out var generator))
            return Generated(labels, generator.GetProperty("rows").GetInt32(), generator.GetProperty("seed").GetInt64());

        var weights = entry.GetProperty("weights");
        return ScoredRows.Of(
            labels,
            [.. entry.GetProperty("truth").EnumerateArray().Select(index => labels[index.GetInt32()])],
            [.. entry.GetProperty("scores").EnumerateArray().Select(Numbers)],
            weights: weights.ValueKind == JsonValueKind.Null ? null : Numbers(weights));
    }

    // The same whole numbers as in record.py; a score is its number over the sum of its row, exactly rounded in both.
    private static ScoredRows Generated(string[] labels, int rows, long state)
    {
        long Next()
        {
            state = ((state * 1103515245) + 12345) % (1L << 31);
            return state >> 16;
        }

        var builder = new ScoredRowsBuilder(labels);
        for (var row = 0; row < rows; row++)
        {
            double[] numbers = [.. labels.Select(_ => (double)((Next() % 1000) + 1))];
            var draw = (int)(Next() % labels.Length);
            var sum = numbers.Sum();
            var truth = row % 3 == 0 ? draw : Array.IndexOf(numbers, numbers.Max());
            builder.Add(labels[truth], [.. numbers.Select(number => number / sum)]);
        }

        return builder.Build();
    }
}
