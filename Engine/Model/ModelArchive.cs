using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML;

/// <summary>How a model file is laid out: a zip of JSON and binary parts.</summary>
/// <remarks>
/// <c>Model.json</c> says that this engine wrote it and lists the SHA-256 of every part; <c>Schema.json</c> holds the input schema where one was
/// given; the transformer is in <c>TransformerChain/</c>, its sub-models in folders below. Every transformer's folder has a <c>State.json</c> and
/// its binary parts. Entries that the list does not name are ignored.
/// </remarks>
internal static class ModelArchive
{
    public const string HeaderEntry = "Model.json";
    public const string SchemaEntry = "Schema.json";
    public const string RootFolder = "TransformerChain/";
    public const string StateEntry = "State.json";
    public const string Format = "MLPipelines.Engine model";
    public const int Version = 1;

    /// <summary>NaN and infinities are written as names, enumerations too; text memory is a string.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new TextMemoryConverter() },
    };

    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed class TextMemoryConverter : JsonConverter<ReadOnlyMemory<char>>
    {
        public override ReadOnlyMemory<char> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString().AsMemory();

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<char> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Span);
    }

    internal sealed record Header(string Format, int Version, string Engine, IReadOnlyDictionary<string, string> Parts);

    internal sealed record StateFile<TState>(string Loader, TState State);
}

/// <summary>Writes the parts of a model file, then its list of parts.</summary>
internal sealed class ModelArchiveWriter(Stream stream) : IDisposable
{
    private readonly ZipArchive _zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
    private readonly SortedDictionary<string, string> _parts = new(StringComparer.Ordinal);

    public void Write(string name, ReadOnlySpan<byte> content)
    {
        if (!_parts.TryAdd(name, ModelArchive.HashOf(content)))
            throw new InvalidOperationException($"Part '{name}' of the model file is written already; a transformer hands its save context on once.");
        WriteEntry(name, content);
    }

    public void WriteJson<T>(string name, T value) => Write(name, JsonSerializer.SerializeToUtf8Bytes(value, ModelArchive.Json));

    /// <summary>Writes the list of parts: without it the file is no model.</summary>
    public void Complete()
    {
        var engine = typeof(ModelArchive).Assembly.GetName().Version!.ToString(3);
        var header = new ModelArchive.Header(ModelArchive.Format, ModelArchive.Version, engine, _parts);
        WriteEntry(ModelArchive.HeaderEntry, JsonSerializer.SerializeToUtf8Bytes(header, ModelArchive.Json));
    }

    public void Dispose() => _zip.Dispose();

    private void WriteEntry(string name, ReadOnlySpan<byte> content)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.Optimal);
        // Fixed, so that the same model gives the same bytes.
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var part = entry.Open();
        part.Write(content);
    }
}
