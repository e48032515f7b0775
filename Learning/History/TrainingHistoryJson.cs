using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace MLPipelines.Learning;

/// <summary>A history as JSON, the contract of <c>history.json</c> (docs/history.md), written and read back.</summary>
internal static class TrainingHistoryJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new ConfusionCountsJson(), new NumberJson(),
            new JsonStringEnumConverter<StopReason>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    };

    public static byte[] Write(TrainingHistory history) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(history with { SchemaVersion = TrainingHistory.CurrentSchemaVersion }, Json), (byte)'\n'];

    public static TrainingHistory Read(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            // A newer version may do everything else differently, so this question comes first.
            var version = SchemaVersion(utf8);
            if (version > TrainingHistory.CurrentSchemaVersion)
            {
                throw new InvalidDataException(
                    $"{source} was written by a newer MLPipelines: its schema version is {version}, and this one reads up to "
                    + $"{TrainingHistory.CurrentSchemaVersion}. Update MLPipelines.");
            }

            if (version < 1)
                throw new InvalidDataException($"{source} has the schema version {version}; versions begin with 1.");

            var history = JsonSerializer.Deserialize<TrainingHistory>(utf8, Json) ?? throw new JsonException("it is null.");
            history.Validate();
            return history;
        }
        catch (JsonException error)
        {
            var place = error.Path is null or "$" ? "" : $" at {error.Path[2..]}";
            throw new InvalidDataException($"{source} is no training history{place}: {error.Message}", error);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{source} is no training history: {error.Message}", error);
        }
    }

    private static int SchemaVersion(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a JSON object was expected.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("schemaVersion"u8);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version)
                    ? version
                    : throw new JsonException("its 'schemaVersion' is not a whole number.");
            }

            reader.Skip();
        }

        throw new JsonException("it has no 'schemaVersion'.");
    }

    /// <summary>Undefined is null; what overflowed, which JSON has no number for either, is the text <c>Infinity</c> or <c>-Infinity</c>.</summary>
    private sealed class NumberJson : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => double.NaN,
            JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
            JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
            JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number) => number,
            var other => throw new JsonException($"expected a number, null for an undefined one, or \"Infinity\", found {other}."),
        };

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else if (double.IsNaN(value))
                writer.WriteNullValue();
            else
                writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
