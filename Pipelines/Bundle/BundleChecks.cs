using System.Text;
using System.Text.Json;
using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Pipelines;

/// <summary>What must hold before a bundle is used; each failure is an <see cref="InvalidDataException"/> that names the bundle and the
/// reason.</summary>
internal static class BundleChecks
{
    private const int MaximumManifestLength = 64 << 20;

    /// <summary>Reads the manifest after comparing it with its hash.</summary>
    public static (BundleManifest Manifest, byte[] Json) ReadManifest(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string source)
    {
        if (!files.TryGetValue(ModelBundle.ManifestFile, out var json))
            throw BundleArchive.Refused(source, $"it has no {ModelBundle.ManifestFile}; it is a zip file, and no model bundle");
        if (json.Length > MaximumManifestLength)
            throw BundleArchive.Refused(source,
                $"its {ModelBundle.ManifestFile} has {json.Length:N0} bytes, and at most {MaximumManifestLength:N0} are allowed");

        // A newer version may do everything else differently, so this question comes first.
        var version = SchemaVersion(json, source);
        if (version > BundleManifest.CurrentSchemaVersion)
        {
            throw BundleArchive.Refused(source,
                $"it was made by a newer MLPipelines: its schema version is {version}, and this one reads up to "
                + $"{BundleManifest.CurrentSchemaVersion}. "
                + "Update MLPipelines, or make the bundle anew with this version");
        }
        if (version < 1) throw BundleArchive.Refused(source, $"its schema version is {version}; versions begin with 1");

        if (!files.TryGetValue(ModelBundle.ManifestHashFile, out var hash))
            throw BundleArchive.Refused(source, $"it has no {ModelBundle.ManifestHashFile}");
        var actual = ModelBundle.Sha256(json.Span);
        if (Encoding.ASCII.GetString(hash.Span) != $"{actual}  {ModelBundle.ManifestFile}\n")
            throw BundleArchive.Refused(source,
                $"its {ModelBundle.ManifestFile} was changed: its SHA-256 is {actual}, and {ModelBundle.ManifestHashFile} says otherwise");
        try
        {
            var manifest = JsonSerializer.Deserialize(json.Span, BundleJson.Default.BundleManifest) ?? throw new JsonException("It is null.");
            return (manifest, json.ToArray());
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw BundleArchive.Refused(source, $"its {ModelBundle.ManifestFile} cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }

    /// <summary>Compares the files with the manifest's list of parts.</summary>
    public static void CheckParts(BundleManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string source)
    {
        foreach (var part in manifest.Parts)
        {
            if (!files.TryGetValue(part.Name, out var content)) throw BundleArchive.Refused(source, $"its part '{part.Name}' is missing");
            if (content.Length != part.Size)
                throw BundleArchive.Refused(source, $"its part '{part.Name}' has {content.Length:N0} bytes; the manifest says {part.Size:N0}");
            var hash = ModelBundle.Sha256(content.Span);
            if (hash != part.Sha256)
                throw BundleArchive.Refused(source, $"its part '{part.Name}' was changed: its SHA-256 is {hash}; the manifest says {part.Sha256}");
        }
        if (files.Keys.Except(manifest.Parts.Select(part => part.Name), StringComparer.Ordinal).FirstOrDefault() is { } stranger)
            throw BundleArchive.Refused(source, $"it holds '{stranger}', which the manifest does not name");
    }

    /// <summary>Checks that labels, preprocessing, temperature and classifier fit together.</summary>
    public static void CheckContent(BundleManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts, string source)
    {
        if (!parts.TryGetValue(ModelBundle.ClassifierPart, out var classifier))
            throw BundleArchive.Refused(source, $"it has no {ModelBundle.ClassifierPart}");
        try
        {
            _ = new LabelIndex(manifest.Labels);
            manifest.Preprocessing.Validate();
        }
        catch (ArgumentException error)
        {
            throw BundleArchive.Refused(source, error.Message.TrimEnd('.'), error);
        }
        if (manifest.Labels.Count < 2) throw BundleArchive.Refused(source, $"it has {manifest.Labels.Count} class; a classifier needs 2 or more");
        if (!Enum.IsDefined(manifest.Model.OutputKind))
            throw BundleArchive.Refused(source,
                $"its output kind is {manifest.Model.OutputKind}; {string.Join(" and ", Enum.GetNames<SoftmaxInput>())} are known");
        if (manifest.Calibration is { Temperature: var temperature } && !(double.IsFinite(temperature) && temperature > 0))
            throw BundleArchive.Refused(source, $"its temperature is {temperature}; it must be finite and above 0");
        try
        {
            ClassifierShape.Check(OnnxModelFile.Read(classifier.Span, ModelBundle.ClassifierPart), manifest);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw BundleArchive.Refused(source, $"its {ModelBundle.ClassifierPart} does not fit: {error.Message.TrimEnd('.')}", error);
        }
    }

    private static int SchemaVersion(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("schemaVersion", out var version)
                && version.ValueKind == JsonValueKind.Number
                && version.TryGetInt32(out var number)
                ? number
                : throw new JsonException("'schemaVersion' is missing");
        }
        catch (JsonException error)
        {
            throw BundleArchive.Refused(source, $"its {ModelBundle.ManifestFile} cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }
}
