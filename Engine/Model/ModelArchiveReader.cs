using System.IO.Compression;
using System.Text.Json;

namespace Microsoft.ML;

/// <summary>Reads the parts of a model file; nothing is handed out that differs from what was written.</summary>
internal sealed class ModelArchiveReader : IDisposable
{
    // A list of parts larger than this is no list; a model part larger than that fits no array.
    private const long MaximumHeaderBytes = 16 << 20;
    private const long MaximumPartBytes = 0x7fffffc7;

    private readonly string _name;
    private readonly ZipArchive _zip;
    private readonly IReadOnlyDictionary<string, string> _parts;

    /// <exception cref="InvalidDataException">The stream is no model file, or its list of parts is damaged.</exception>
    /// <exception cref="NotSupportedException">The Microsoft.ML packages wrote it, or a newer version of this engine.</exception>
    public ModelArchiveReader(Stream stream, string name)
    {
        _name = name;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"{name} is no model file: it cannot be read as a zip archive. {broken.Message}", broken);
        }
        try
        {
            _parts = ReadHeader().Parts;
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public bool Has(string part) => _parts.ContainsKey(part);

    /// <summary>The bytes of a part.</summary>
    /// <exception cref="InvalidDataException">It is missing or differs from what was written.</exception>
    public byte[] Read(string part)
    {
        if (!_parts.TryGetValue(part, out var hash) || ReadEntryOrNull(part, MaximumPartBytes) is not { } content)
            throw new InvalidDataException($"{_name} is damaged: its part '{part}' is missing.");
        return ModelArchive.HashOf(content) == hash
            ? content
            : throw new InvalidDataException($"{_name} is damaged: its part '{part}' is not what was saved.");
    }

    /// <summary>A JSON part.</summary>
    /// <exception cref="InvalidDataException">It is missing, damaged, or not of this form.</exception>
    public T ReadJson<T>(string part)
        where T : class =>
        Parse<T>(part, Read(part));

    public void Dispose() => _zip.Dispose();

    private ModelArchive.Header ReadHeader()
    {
        if (ReadEntryOrNull(ModelArchive.HeaderEntry, MaximumHeaderBytes) is not { } content)
        {
            throw _zip.Entries.Any(entry => entry.FullName is "TrainingInfo/Version.txt" or "TrainingInfo\\Version.txt" || entry.Name == "Model.key")
                ? new NotSupportedException(
                    $"{_name} was saved by the Microsoft.ML packages, which the embedded engine cannot load. Build with -p:MLNet=NuGet to load it, " +
                    "or carry the model over as a model bundle or ONNX file.")
                : new InvalidDataException($"{_name} is no model file: it has no part '{ModelArchive.HeaderEntry}'.");
        }
        var header = Parse<ModelArchive.Header>(ModelArchive.HeaderEntry, content);
        if (header.Format != ModelArchive.Format || header.Parts is null)
            throw new InvalidDataException(
                $"{_name} is no model file: its '{ModelArchive.HeaderEntry}' says format '{header.Format}', expected '{ModelArchive.Format}'.");
        return header.Version == ModelArchive.Version
            ? header
            : throw new NotSupportedException(
                $"{_name} has model format version {header.Version}, saved by engine {header.Engine}; this engine reads version " +
                $"{ModelArchive.Version}. Update the engine.");
    }

    private byte[] ReadEntryOrNull(string part, long maximumBytes)
    {
        if (_zip.GetEntry(part) is not { } entry)
            return null;
        if (entry.Length < 0 || entry.Length > maximumBytes)
            throw new InvalidDataException(
                $"{_name} is damaged: its part '{part}' announces {entry.Length} bytes, more than the {maximumBytes} that are read.");
        try
        {
            using var stream = entry.Open();
            // Grows with what is really there: an announced size alone claims no memory.
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.Length == entry.Length
                ? content.ToArray()
                : throw new InvalidDataException($"it has {content.Length} bytes and announces {entry.Length}");
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"{_name} is damaged: its part '{part}' cannot be unpacked: {broken.Message}", broken);
        }
    }

    private T Parse<T>(string part, byte[] content)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(content, ModelArchive.Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{_name} is damaged: its part '{part}' cannot be read: {broken.Message}", broken);
        }
    }
}
