using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace MLPipelines.Evaluation;

/// <summary>The metrics of an evaluation as JSON, a fixed contract: keys may be added, none is renamed or removed.</summary>
/// <remarks>
/// <c>schemaVersion</c>, <c>labels</c>, <c>rows</c> (those used), <c>metrics</c> by the keys of <see cref="Metric.All"/> with
/// <c>top_k_accuracy</c> by k, <c>perClass</c> by the keys of <see cref="ClassMetrics.All"/>, <c>confusionMatrix</c> with a row per true
/// class. Undefined values are null. Numbers have all digits. The rest is told in docs/metrics.md.
/// </remarks>
public static class MetricsJson
{
    /// <summary>The version of the contract; it changes when a key changes its meaning.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the whole file or nothing.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written; whatever was there before is untouched.</exception>
    public static void Write(ClassificationEvaluation evaluation, string path) => AtomicFile.Write(path, stream => Write(evaluation, stream));

    /// <summary>The same as one string, for standard output.</summary>
    public static string Text(ClassificationEvaluation evaluation)
    {
        using var stream = new MemoryStream();
        Write(evaluation, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes indented UTF-8 to a stream, which stays open.</summary>
    public static void Write(ClassificationEvaluation evaluation, Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) }))
            Write(evaluation, json);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes one JSON object.</summary>
    public static void Write(ClassificationEvaluation evaluation, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        WriteStrings(json, "labels", evaluation.Labels);
        json.WriteNumber("rows", evaluation.Rows.Used);
        WriteRowCounts(json, evaluation);
        json.WriteString("zeroDivision", evaluation.Options.ZeroDivision switch { ZeroDivision.Zero => "0", ZeroDivision.One => "1", _ => "nan" });
        json.WriteBoolean("weighted", evaluation.HasWeights);
        WriteMetrics(json, evaluation);
        WriteIntervals(json, evaluation);
        WriteClasses(json, evaluation);
        WriteMatrix(json, "confusionMatrix", evaluation.ConfusionMatrix);
        if (evaluation.HasWeights)
            WriteMatrix(json, "confusionCounts", evaluation.Counts);
        WriteCalibration(json, evaluation.Calibration);
        WritePairs(json, evaluation.MostConfused);
        if (evaluation.MLNet is { } mlnet)
            WriteMLNet(json, mlnet);
        WriteStrings(json, "warnings", evaluation.Warnings);
        json.WriteEndObject();
    }

    private static void WriteRowCounts(Utf8JsonWriter json, ClassificationEvaluation evaluation)
    {
        json.WriteStartObject("rowCounts");
        json.WriteNumber("read", evaluation.Rows.Read);
        json.WriteNumber("used", evaluation.Rows.Used);
        json.WriteNumber("unknownLabel", evaluation.Rows.UnknownLabel);
        json.WriteNumber("missingLabel", evaluation.Rows.MissingLabel);
        json.WriteNumber("invalidScores", evaluation.Rows.InvalidScores);
        json.WriteEndObject();

        json.WriteStartObject("unknownLabels");
        foreach (var (label, count) in evaluation.UnknownLabels)
            json.WriteNumber(label, count);
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, ClassificationEvaluation evaluation)
    {
        json.WriteStartObject("metrics");
        foreach (var (metric, value) in evaluation.Metrics)
            WriteNumber(json, metric.Key, value);
        json.WriteStartObject("top_k_accuracy");
        foreach (var (index, value) in evaluation.TopKAccuracy.Index())
            WriteNumber(json, $"{index + 1}", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteIntervals(Utf8JsonWriter json, ClassificationEvaluation evaluation)
    {
        json.WriteStartObject("intervals");
        json.WriteString("method", "Wilson");
        json.WriteNumber("level", evaluation.Options.IntervalLevel);
        WriteInterval(json, "accuracy", evaluation.AccuracyInterval);
        json.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter json, ClassificationEvaluation evaluation)
    {
        json.WriteStartArray("perClass");
        foreach (var each in evaluation.PerClass)
        {
            json.WriteStartObject();
            json.WriteString("label", each.Label);
            foreach (var (metric, value) in ClassMetrics.All.Zip(each.Values))
                WriteNumber(json, metric.Key, value);
            WriteNumber(json, "predicted", each.Predicted);
            WriteInterval(json, "recallInterval", each.RecallInterval);
            WriteStrings(json, "undefined", each.Undefined);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMatrix(Utf8JsonWriter json, string name, ConfusionMatrix matrix)
    {
        json.WriteStartArray(name);
        for (var actual = 0; actual < matrix.ClassCount; actual++)
        {
            // One line per true class, to be read by people too.
            var cells = Enumerable.Range(0, matrix.ClassCount).Select(predicted => matrix[actual, predicted].ToString("R", CultureInfo.InvariantCulture));
            json.WriteRawValue($"[{string.Join(", ", cells)}]");
        }

        json.WriteEndArray();
    }

    private static void WriteCalibration(Utf8JsonWriter json, Calibration calibration)
    {
        json.WriteStartObject("calibration");
        json.WriteStartArray("bins");
        foreach (var bin in calibration.Bins)
        {
            json.WriteStartObject();
            json.WriteNumber("lower", bin.Lower);
            json.WriteNumber("upper", bin.Upper);
            json.WriteNumber("count", bin.Count);
            json.WriteNumber("weight", bin.Weight);
            WriteNumber(json, "meanConfidence", bin.MeanConfidence);
            WriteNumber(json, "accuracy", bin.Accuracy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter json, IReadOnlyList<ConfusedPair> pairs)
    {
        json.WriteStartArray("mostConfused");
        foreach (var pair in pairs)
        {
            json.WriteStartObject();
            json.WriteString("actual", pair.ActualLabel);
            json.WriteString("predicted", pair.PredictedLabel);
            json.WriteNumber("count", pair.Count);
            json.WriteNumber("shareOfActual", pair.ShareOfActual);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMLNet(Utf8JsonWriter json, MLNetMetrics metrics)
    {
        json.WriteStartObject("mlnet");
        WriteNumber(json, "microAccuracy", metrics.MicroAccuracy);
        WriteNumber(json, "macroAccuracy", metrics.MacroAccuracy);
        WriteNumber(json, "logLoss", metrics.LogLoss);
        WriteNumber(json, "logLossReduction", metrics.LogLossReduction);
        json.WriteStartObject("topKAccuracy");
        foreach (var (index, value) in metrics.TopKAccuracy.Index())
            WriteNumber(json, $"{index + 1}", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, Interval interval)
    {
        json.WriteStartArray(name);
        foreach (var end in new[] { interval.Lower, interval.Upper })
        {
            if (double.IsFinite(end))
                json.WriteNumberValue(end);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    // JSON has no NaN and no infinity.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
