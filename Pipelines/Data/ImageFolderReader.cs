namespace MLPipelines.Pipelines;

/// <summary>Reads a folder that has one sub-folder per class, or parts (<c>train/</c>, <c>test/</c>) that have.</summary>
/// <remarks>The folder's first level is its parts if <b>every</b> sub-folder is named as one and has sub-folders in turn;
/// otherwise it is its classes, so that a class may well be called <c>train</c>.</remarks>
internal static class ImageFolderReader
{
    public static List<ImageItem> Read(string root, ImageDatasetOptions options)
    {
        if (HasParts(root))
            return [.. ImageFiles.FoldersOf(root).SelectMany(part => ReadClasses(root, part, DatasetParts.Named(Path.GetFileName(part))))];

        if (ImageFiles.FoldersOf(root).Count > 0)
        {
            var items = ReadClasses(root, root, part: null).ToList();
            if (items.Count > 0) return items;
        }
        var flat = ImageFiles.Below(root).ToList();
        if (flat.Count == 0)
        {
            throw new InvalidDataException(
                $"The folder '{root}' holds no images. Expected one sub-folder per class with images in it "
                + $"({string.Join(' ', ImageFiles.Extensions.Order(StringComparer.Ordinal))}), "
                + "a CSV or TSV list, or IDX files (*-images-idx3-ubyte[.gz]).");
        }
        if (options.RequireLabels)
        {
            throw new InvalidDataException(
                $"The folder '{root}' has {flat.Count} images but no class sub-folders, so their labels are not known. "
                + $"Put them into one sub-folder per class ({Path.Combine(root, "cat")}/…), or list them in a CSV file with the columns path,label.");
        }
        return [.. flat.Select(file => ImageItem.OfFile(ImageFiles.RelativePath(root, file), label: null, part: null, file))];
    }

    /// <summary>Whether the folder's first level is parts.</summary>
    public static bool HasParts(string root)
    {
        var folders = ImageFiles.FoldersOf(root);
        return folders.Count > 0
            && folders.All(folder => DatasetParts.Named(Path.GetFileName(folder)) is not null)
            && folders.Any(folder => ImageFiles.FoldersOf(folder).Count > 0);
    }

    private static IEnumerable<ImageItem> ReadClasses(string root, string folder, string? part) =>
        from classFolder in ImageFiles.FoldersOf(folder)
        from file in ImageFiles.Below(classFolder)
        select ImageItem.OfFile(ImageFiles.RelativePath(root, file), Path.GetFileName(classFolder), part, file);
}
