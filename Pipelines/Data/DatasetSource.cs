namespace MLPipelines.Pipelines;

/// <summary>What a path turned out to be: a format, and the files to read.</summary>
internal sealed record DatasetSource(DatasetFormat Format, IReadOnlyList<string> Files)
{
    private static readonly string[] listExtensions = [".csv", ".tsv", ".txt"];
    private static readonly string[] archiveEndings = [".tar", ".tar.gz", ".tgz", ".zip", ".tar.xz", ".tar.bz2", ".tar.zst", ".7z", ".rar"];

    /// <summary>The part that a list file stands for, where there are several.</summary>
    public string? PartOf(string file) => Files.Count > 1 ? DatasetParts.Named(Path.GetFileNameWithoutExtension(file)) : null;

    /// <summary>Finds out the format of what lies at a path, or finds the files of the format asked for.</summary>
    public static DatasetSource Find(string path, DatasetFormat? format)
    {
        if (format == DatasetFormat.Memory)
            throw new ArgumentException(
                $"{nameof(DatasetFormat)}.{nameof(DatasetFormat.Memory)} has no files; use {nameof(ImageDataset)}.{nameof(ImageDataset.Of)}.");
        var found = Directory.Exists(path) ? FindInFolder(path, format)
            : File.Exists(path) ? OfFile(path, format)
            : throw new FileNotFoundException($"The data set '{path}' does not exist (looked for in '{Directory.GetCurrentDirectory()}').", path);
        return format is null || found.Format == format ? found
            : throw new InvalidDataException($"'{path}' was to be read as {format}, and it looks like {found.Format}.");
    }

    private static DatasetSource OfFile(string path, DatasetFormat? format)
    {
        if (IdxReader.IsImages(path)) return new(DatasetFormat.Idx, [path]);
        if (archiveEndings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } ending)
        {
            throw new NotSupportedException(
                $"'{path}' is an archive. Unpack it and give the folder: "
                + $"{(ending == ".zip" ? $"unzip \"{path}\" -d data" : $"mkdir data && tar -xf \"{path}\" -C data")}");
        }
        if (format == DatasetFormat.List || listExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            return new(DatasetFormat.List, [path]);
        if (ImageFiles.IsImage(path))
            throw new InvalidDataException(
                $"'{path}' is one image, not a data set. A data set is a folder with one sub-folder per class, a CSV or TSV list, or IDX files.");
        throw new InvalidDataException(
            $"'{path}' is no known data set. Expected a folder with one sub-folder per class, a list ({string.Join(' ', listExtensions)}), or an "
            + "IDX file named *-images-idx3-ubyte[.gz].");
    }

    private static DatasetSource FindInFolder(string path, DatasetFormat? format)
    {
        if (format is null or DatasetFormat.Idx && IdxReader.ImagesIn(path) is { Count: > 0 } images) return new(DatasetFormat.Idx, images);
        if (format == DatasetFormat.Idx) throw new InvalidDataException($"The folder '{path}' has no IDX files (*-images-idx3-ubyte[.gz]).");

        var lists = Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".csv" or ".tsv" && !Path.GetFileName(file).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToList();
        // Two class folders or more are the data, and a list beside them is a note; one folder (images/) beside a list holds what the list names.
        var hasClasses = ImageFolderReader.HasParts(path) || ImageFiles.FoldersOf(path).Count(folder => ImageFiles.Below(folder).Any()) > 1;
        if (format == DatasetFormat.Folder || (format is null && (hasClasses || lists.Count == 0))) return new(DatasetFormat.Folder, [path]);

        if (lists.Count > 1 && lists.All(list => DatasetParts.Named(Path.GetFileNameWithoutExtension(list)) is not null))
            return new(DatasetFormat.List, lists);
        return lists.Count switch
        {
            1 => new(DatasetFormat.List, lists),
            0 => throw new InvalidDataException($"The folder '{path}' has no list (*.csv, *.tsv)."),
            _ => throw new InvalidDataException(
                $"The folder '{path}' has {lists.Count} lists: {string.Join(", ", lists.Select(Path.GetFileName))}. Give the path of one of them, "
                + "or name them train.csv and test.csv."),
        };
    }
}
