using System.Text.Json;

namespace MLPipelines.Evaluation;

/// <summary>The contract of <c>metrics.json</c>, read back: to compare evaluations and to gate on them.</summary>
/// <param name="Labels">The class names, in order.</param>
/// <param name="Rows">Number of rows in the metrics.</param>
/// <param name="Metrics">The metrics by key, as <c>macro_f1</c>; NaN where undefined.</param>
/// <param name="TopKAccuracy">Top-k accuracy for k = 1, 2, ….</param>
/// <param name="PerClass">The numbers of each class by key, as <c>f1</c>, in the order of the classes; NaN where undefined.</param>
/// <param name="ConfusionMatrix">A row per true class, a column per predicted class.</param>
public sealed record MetricsDocument(
    IReadOnlyList<string> Labels,
    long Rows,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<double> TopKAccuracy,
    IReadOnlyList<IReadOnlyDictionary<string, double>> PerClass,
    ConfusionMatrix ConfusionMatrix)
{
    /// <summary>Reads a file that <see cref="MetricsJson"/>, or another program by the same contract, has written. Other keys are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not keep the contract; the message says where.</exception>
    public static MetricsDocument Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'; a metrics.json was expected.", path);

        try
        {
            using var stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream);
            return Read(json.RootElement, path);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{path} is not a metrics.json of schema version {MetricsJson.SchemaVersion}: {exception.Message}", exception);
        }
    }

    private static MetricsDocument Read(JsonElement root, string path)
    {
        var version = root.GetProperty("schemaVersion").GetInt32();
        if (version > MetricsJson.SchemaVersion)
            throw new InvalidDataException($"{path} has schema version {version}; this program reads up to {MetricsJson.SchemaVersion}. Use a newer one.");

        string[] labels = [.. root.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)];
        var metrics = root.GetProperty("metrics");
        return new(
            labels,
            root.GetProperty("rows").GetInt64(),
            Numbers(metrics),
            [.. metrics.GetProperty("top_k_accuracy").EnumerateObject().Select(entry => Number(entry.Value))],
            [.. root.GetProperty("perClass").EnumerateArray().Select(Numbers)],
            ConfusionMatrix.Of(labels, [.. root.GetProperty("confusionMatrix").EnumerateArray().Select(row => (double[])[.. row.EnumerateArray().Select(Number)])]));
    }

    private static Dictionary<string, double> Numbers(JsonElement parent) => parent.EnumerateObject()
        .Where(entry => entry.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
        .ToDictionary(entry => entry.Name, entry => Number(entry.Value));

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Null ? double.NaN : element.GetDouble();
}
