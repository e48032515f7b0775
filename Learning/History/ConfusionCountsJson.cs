using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>Counts as JSON: for each true class a list of <c>[predicted class, samples]</c>, without the cells that are zero.</summary>
internal sealed class ConfusionCountsJson : JsonConverter<ConfusionCounts>
{
    /// <summary>The most samples that a double, and so another program's JSON reader, holds exactly.</summary>
    private const long MostSamples = 1L << 53;

    public override ConfusionCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var cells = new List<(int Actual, int Predicted, long Samples)>();
        var (actual, largest, total) = (0, -1, 0L);
        MustBe(ref reader, JsonTokenType.StartArray, "a list with a row for each true class");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            MustBe(ref reader, JsonTokenType.StartArray, $"row {actual} of the confusion as a list");
            var last = -1;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                MustBe(ref reader, JsonTokenType.StartArray, $"in row {actual} of the confusion pairs [predicted class, samples]");
                var predicted = Whole(ref reader, actual);
                var samples = Whole(ref reader, actual);
                if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                    throw new JsonException($"row {actual} of the confusion has a pair of more than two numbers; it must be [predicted class, samples].");
                if (predicted <= last || predicted > int.MaxValue)
                    throw new JsonException($"row {actual} of the confusion has the predicted class {predicted} after {last}; the classes of a row must ascend.");
                total += samples;
                if (total > MostSamples)
                    throw new JsonException($"the confusion counts more than {MostSamples} samples, up to which JSON numbers are exact.");

                last = (int)predicted;
                largest = Math.Max(largest, last);
                if (samples > 0)
                    cells.Add((actual, last, samples));
            }

            actual++;
        }

        if (actual == 0)
            throw new JsonException("the confusion has no rows; there must be one for each class.");
        if (largest >= actual)
            throw new JsonException($"the confusion has {actual} rows, and the predicted class {largest}; a predicted class must be from 0 to {actual - 1}.");
        return ConfusionCounts.Of(actual, cells);
    }

    public override void Write(Utf8JsonWriter writer, ConfusionCounts value, JsonSerializerOptions options)
    {
        var rows = value.NonZero.ToLookup(cell => cell.Actual, cell => FormattableString.Invariant($"[{cell.Predicted}, {cell.Samples}]"));
        writer.WriteStartArray();

        // One line for each true class, to be read by people too; the writer itself breaks no line before a raw value.
        var line = "\n" + new string(' ', writer.CurrentDepth * writer.Options.IndentSize);
        for (var actual = 0; actual < value.ClassCount; actual++)
            writer.WriteRawValue($"{line}[{string.Join(", ", rows[actual])}]");
        writer.WriteEndArray();
    }

    private static long Whole(ref Utf8JsonReader reader, int row) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number is >= 0 and <= MostSamples
            ? number
            : throw new JsonException($"row {row} of the confusion needs pairs of whole numbers of at least 0: [predicted class, samples].");

    private static void MustBe(ref Utf8JsonReader reader, JsonTokenType expected, string what)
    {
        if (reader.TokenType != expected)
            throw new JsonException($"expected {what}, found {reader.TokenType}.");
    }
}
