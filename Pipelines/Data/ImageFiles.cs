using System.Collections.Frozen;

namespace MLPipelines.Pipelines;

/// <summary>Which files are taken for images, and the way they are found.</summary>
public static class ImageFiles
{
    /// <summary>The file extensions taken for images, in lower case.</summary>
    public static FrozenSet<string> Extensions { get; } = FrozenSet.ToFrozenSet(
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".pgm", ".ppm", ".pnm"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the name ends like an image file's.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>The images below a folder at any depth, without hidden files and folders, in ordinal order of their relative paths.</summary>
    internal static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System })
            .Where(IsImage)
            .Select(file => (File: file, Relative: RelativePath(folder, file)))
            .Where(entry => !entry.Relative.Split('/').Any(IsHidden))
            .OrderBy(entry => entry.Relative, StringComparer.Ordinal)
            .Select(entry => entry.File);

    /// <summary>The sub-folders of a folder that are not hidden, in ordinal order.</summary>
    internal static IReadOnlyList<string> FoldersOf(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Where(path => !IsHidden(Path.GetFileName(path))).Order(StringComparer.Ordinal)];

    /// <summary>The path of <paramref name="file"/> from <paramref name="folder"/>, with <c>/</c> on every machine.</summary>
    internal static string RelativePath(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    // .git and .DS_Store, and what some archivers leave behind.
    private static bool IsHidden(string name) => name.StartsWith('.') || name is "__MACOSX" or "Thumbs.db" or "desktop.ini";
}
