using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>A whole model in one file (<c>.mlbundle</c>, a zip): the ONNX classifier and everything that is needed to use and to trust it.</summary>
/// <remarks>
/// Immutable, held in memory, safe to use from several threads. Opening checks everything before anything is used: the zip, names, sizes
/// and SHA-256 of the files, the schema version,
/// and that the classifier fits the labels and the preprocessing. There is no code and there are no type names in a bundle. The format is
/// described in docs/bundle.md.
/// </remarks>
public sealed class ModelBundle
{
    /// <summary>The extension of bundle files.</summary>
    public const string Extension = ".mlbundle";

    /// <summary>The file that describes the model.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>The file that holds the SHA-256 of <see cref="ManifestFile"/>, as <c>sha256sum -c</c> reads it.</summary>
    public const string ManifestHashFile = "manifest.sha256";

    /// <summary>The part that holds the ONNX model; every bundle has it.</summary>
    public const string ClassifierPart = "classifier.onnx";

    /// <summary>The part that holds the metrics (the contract of <c>metrics.json</c>).</summary>
    public const string EvaluationPart = "evaluation.json";

    /// <summary>The part that holds the training history.</summary>
    public const string HistoryPart = "history.json";

    /// <summary>The part that holds the <see cref="ReferenceStatistics"/>.</summary>
    public const string ReferencePart = "reference.json";

    private readonly IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts;
    private readonly byte[] manifestJson;

    private ModelBundle(BundleManifest manifest, byte[] manifestJson, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts, string source)
    {
        BundleChecks.CheckContent(manifest, parts, source);
        Manifest = manifest;
        this.manifestJson = manifestJson;
        this.parts = parts;
        Hash = Sha256(manifestJson);
    }

    /// <summary>Everything about the model but its weights.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>The bundle's identity: the SHA-256 of its manifest, which in turn holds the SHA-256 of every part. How the zip is packed
    /// does not count.</summary>
    public string Hash { get; }

    /// <summary>The class names in the order of the model's output.</summary>
    public IReadOnlyList<string> Labels => Manifest.Labels;

    /// <summary>The softmax's temperature; 1 where none was fitted.</summary>
    public double Temperature => Manifest.Calibration?.Temperature ?? 1;

    /// <summary>The ONNX model.</summary>
    public ReadOnlyMemory<byte> Classifier => parts[ClassifierPart];

    /// <summary>What the training data looked like, or null where that is not known.</summary>
    public ReferenceStatistics? Reference =>
        Part(ReferencePart) is { } json ? JsonSerializer.Deserialize(json.Span, BundleJson.Default.ReferenceStatistics) : null;

    /// <summary>How the model was trained, or null where the bundle does not tell.</summary>
    /// <exception cref="InvalidDataException">The part is no training history, or one of a newer MLPipelines.</exception>
    public TrainingHistory? History =>
        Part(HistoryPart) is { } json ? TrainingHistory.Parse(json.Span, $"The part '{HistoryPart}' of the model '{Manifest.Name}'") : null;

    /// <summary>The content of a part, or null where the bundle does not have it.</summary>
    public ReadOnlyMemory<byte>? Part(string name) => parts.TryGetValue(name, out var content) ? content : default(ReadOnlyMemory<byte>?);

    /// <summary>Makes a bundle.</summary>
    /// <param name="manifest">The model's description; <see cref="BundleManifest.Parts"/> is filled in.</param>
    /// <param name="classifier">The ONNX model.</param>
    /// <exception cref="InvalidDataException">The description does not fit the model.</exception>
    public static ModelBundle Create(BundleManifest manifest, ReadOnlyMemory<byte> classifier) =>
        Create(manifest, new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [ClassifierPart] = classifier });

    /// <summary>The same bundle with another description.</summary>
    public ModelBundle With(Func<BundleManifest, BundleManifest> change) => Create(change(Manifest), parts);

    /// <summary>The same bundle with a part more, or with other content for it.</summary>
    /// <param name="name">A plain file name, such as <see cref="EvaluationPart"/>.</param>
    /// <param name="content">The part's bytes.</param>
    public ModelBundle WithPart(string name, ReadOnlyMemory<byte> content)
    {
        if (!BundleArchive.IsName(name) || name is ManifestFile or ManifestHashFile)
            throw new ArgumentException(
                $"A part cannot be called '{name}'; expected a plain file name of letters, digits, '.', '_' and '-'.", nameof(name));
        return Create(Manifest, new Dictionary<string, ReadOnlyMemory<byte>>(parts, StringComparer.Ordinal) { [name] = content });
    }

    /// <summary>The same bundle without a part; without <see cref="ClassifierPart"/> there is no bundle.</summary>
    public ModelBundle WithoutPart(string name) => Create(Manifest, parts.Where(part => part.Key != name).ToDictionary(StringComparer.Ordinal));

    /// <summary>The same bundle with these reference statistics.</summary>
    public ModelBundle WithReference(ReferenceStatistics reference) =>
        WithPart(ReferencePart, JsonSerializer.SerializeToUtf8Bytes(reference, BundleJson.Default.ReferenceStatistics));

    /// <summary>The same bundle with this training history.</summary>
    /// <exception cref="ArgumentException">The history contradicts itself.</exception>
    public ModelBundle WithHistory(TrainingHistory history) => WithPart(HistoryPart, history.ToUtf8Json());

    /// <summary>Opens a bundle and checks all of it.</summary>
    /// <param name="path">The <c>.mlbundle</c> file; it is closed again before this returns.</param>
    /// <param name="limits">What is too large to be read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no bundle, is damaged or was changed, or is of a newer MLPipelines; the error
    /// names the file and the reason.</exception>
    public static ModelBundle Open(string path, BundleLimits? limits = null)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"The model bundle '{path}' does not exist.", path);
        using var file = File.OpenRead(path);
        return Read(file, path, limits);
    }

    /// <summary>Reads a bundle from a seekable stream.</summary>
    /// <param name="stream">The zip, from its beginning; stays open.</param>
    /// <param name="source">What the bundle is called in errors.</param>
    /// <param name="limits">What is too large to be read.</param>
    /// <exception cref="InvalidDataException">See <see cref="Open"/>.</exception>
    public static ModelBundle Read(Stream stream, string source, BundleLimits? limits = null)
    {
        var files = BundleArchive.Read(stream, source, limits ?? new BundleLimits());
        var (manifest, json) = BundleChecks.ReadManifest(files, source);
        files.Remove(ManifestFile);
        files.Remove(ManifestHashFile);
        BundleChecks.CheckParts(manifest, files, source);
        return new ModelBundle(manifest, json, files, source);
    }

    /// <summary>Writes the bundle. A file that is there already is replaced in one step, so that a reader never sees half of it.</summary>
    /// <param name="path">Where to; by custom the name ends in <see cref="Extension"/>. Missing folders are made.</param>
    public void Save(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = File.Create(temporary))
            {
                Write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes the bundle to a stream, which stays open. Equal bundles give equal bytes.</summary>
    public void Write(Stream stream) => BundleArchive.Write(stream, parts.Concat(
    [
        KeyValuePair.Create<string, ReadOnlyMemory<byte>>(ManifestFile, manifestJson),
        KeyValuePair.Create<string, ReadOnlyMemory<byte>>(ManifestHashFile, Encoding.ASCII.GetBytes($"{Hash}  {ManifestFile}\n")),
    ]));

    private static ModelBundle Create(BundleManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts)
    {
        var complete = manifest with
        {
            Parts =
            [
                .. parts.OrderBy(part => part.Key, StringComparer.Ordinal)
                    .Select(part => new BundlePart(part.Key, part.Value.Length, Sha256(part.Value.Span))),
            ],
        };
        return new ModelBundle(complete, JsonSerializer.SerializeToUtf8Bytes(complete, BundleJson.Default.BundleManifest), parts, manifest.Name);
    }

    internal static string Sha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
