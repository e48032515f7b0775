using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML;

/// <summary>How a model file is laid out: a zip of JSON and binary parts.</summary>
/// <remarks>
/// <c>Model.json</c> says that this engine wrote it; <c>Schema.json</c> holds the input schema where one was given; the transformer is in
/// <c>TransformerChain/</c>, its sub-models in folders below. Every transformer's folder has a <c>State.json</c> and its binary parts.
/// </remarks>
internal static class ModelArchive
{
    public const string HeaderEntry = "Model.json";
    public const string SchemaEntry = "Schema.json";
    public const string RootFolder = "TransformerChain/";
    public const string StateEntry = "State.json";
    public const string Format = "MLPipelines.Engine model";
    public const int Version = 1;

    // A part larger than this is no model but a zip bomb; the largest ONNX model that fits a zip part is below it.
    public const long MaximumPartBytes = 2_000_000_000;

    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter() },
    };

    internal sealed record Header(string Format, int Version, string Engine);

    internal sealed record StateFile<TState>(string Loader, TState State);

    /// <summary>Writes a part. The time is fixed, so that the same model gives the same bytes.</summary>
    public static void Write(this ZipArchive archive, string name, ReadOnlySpan<byte> content)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(content);
    }

    public static void WriteJson<T>(this ZipArchive archive, string name, T value) =>
        archive.Write(name, JsonSerializer.SerializeToUtf8Bytes(value, Json));

    /// <summary>Reads a part, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is larger than announced or than any model.</exception>
    public static byte[] ReadOrNull(this ZipArchive archive, string name)
    {
        if (archive.GetEntry(name) is not { } entry)
            return null;
        if (entry.Length is < 0 or > MaximumPartBytes)
            throw new InvalidDataException($"Part '{name}' of the model file announces {entry.Length} bytes; at most {MaximumPartBytes} are read.");
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return stream.ReadByte() < 0
            ? content
            : throw new InvalidDataException($"Part '{name}' of the model file is longer than the {entry.Length} bytes it announces.");
    }

    public static T ReadJson<T>(this ZipArchive archive, string name)
        where T : class
    {
        var content = archive.ReadOrNull(name) ?? throw new InvalidDataException($"The model file has no part '{name}'.");
        try
        {
            return JsonSerializer.Deserialize<T>(content, Json) ?? throw new InvalidDataException($"Part '{name}' of the model file is empty.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"Part '{name}' of the model file cannot be read: {broken.Message}", broken);
        }
    }

}
