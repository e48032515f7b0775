using CsvHelper;

namespace MLPipelines.Pipelines;

/// <summary>Reads a CSV or TSV file that lists image paths and labels.</summary>
/// <remarks>The separator is the tab where the first line has one, else <c>;</c> where it has that and no comma, else the comma.
/// <see cref="ListColumns"/> says how the columns are found.</remarks>
internal static class ImageListReader
{
    public static List<ImageItem> Read(string list, string? part, ImageDatasetOptions options, BadItems bad)
    {
        var root = Path.GetFullPath(options.ImagesRoot ?? Path.GetDirectoryName(Path.GetFullPath(list))!);
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"The images folder '{root}' of the list '{list}' does not exist.");

        var items = new List<ImageItem>();
        var lineOf = new Dictionary<string, long>(StringComparer.Ordinal);
        ListColumns? columns = null;
        try
        {
            using var reader = CsvReader.FromFile(list, Options(list));
            while (reader.Read())
            {
                if (columns is null)
                {
                    columns = ListColumns.Of([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim())], list, options);
                    if (columns.HasHeader) continue;
                }
                if (Item(Field(reader, columns.Path), Field(reader, columns.Label), reader.LineNumber) is { } item) items.Add(item);
            }
        }
        catch (CsvFormatException error)
        {
            throw new InvalidDataException($"The list '{list}' cannot be read at line {error.LineNumber}: {error.Message}", error);
        }
        return columns is not null ? items : throw new InvalidDataException(
            $"The list '{list}' is empty; expected lines with an image path and a label.");

        ImageItem? Item(string path, string label, long line)
        {
            var id = path.Length > 0 ? path.Replace('\\', '/') : $"{Path.GetFileName(list)} line {line}";
            var file = Path.GetFullPath(Path.Combine(root, path));
            if (path.Length == 0) bad.Report(id, part, $"Line {line} of '{list}' has no image path.");
            else if (!lineOf.TryAdd(id, line))
                bad.Report($"{id} (line {line})", part, $"'{id}' is listed twice, in lines {lineOf[id]} and {line} of '{list}'.");
            else if (label.Length == 0 && options.RequireLabels) bad.Report(id, part, $"Line {line} of '{list}' has no label.");
            else if (!File.Exists(file)) bad.Report(id, part, $"The file does not exist (line {line} of '{list}', looked for in '{root}').");
            else return ImageItem.OfFile(id, label.Length > 0 ? label : null, part, file);
            return null;
        }
    }

    private static string Field(CsvReader reader, int? column) => column is { } i && i < reader.FieldCount ? reader.GetString(i).Trim() : "";

    private static CsvReaderOptions Options(string list)
    {
        var firstLine = File.ReadLines(list).FirstOrDefault() ?? "";
        var separator = firstLine.Contains('\t') ? '\t' : firstLine.Contains(';') && !firstLine.Contains(',') ? ';' : ',';
        return CsvReaderOptions.Default with
        {
            Separator = separator,
            HasHeader = false,
            Mode = separator == '\t' ? CsvMode.NoEscape : CsvMode.Rfc4180,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = 1 << 20,
            TrackLineNumbers = true,
        };
    }
}
