using MLPipelines.Learning;

namespace MLPipelines.Evaluation;

/// <summary>A training history in the form that the name of its file asks for.</summary>
public static class TrainingHistoryFile
{
    /// <summary>The extensions that <see cref="Write"/> knows.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".csv", ".tsv", ".html"];

    /// <summary>Whether the name of a file ends in one of the <see cref="Extensions"/>.</summary>
    public static bool Knows(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes the whole file or nothing: JSON as docs/history.md tells, a table with a row per epoch, or a report.</summary>
    /// <param name="history">The history.</param>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="ArgumentException">The extension is none of these, or the history contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written; whatever was there before is untouched.</exception>
    public static void Write(TrainingHistory history, string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".json":
                var json = history.ToUtf8Json();
                AtomicFile.Write(path, stream => stream.Write(json));
                break;
            case ".csv" or ".tsv":
                TrainingHistoryCsv.Write(history, path);
                break;
            case ".html":
                new TrainingReport(history).Write(path);
                break;
            default:
                throw new ArgumentException(
                    $"A training history cannot be written to '{path}'; the name must end in {string.Join(", ", Extensions)}.", nameof(path));
        }
    }
}
