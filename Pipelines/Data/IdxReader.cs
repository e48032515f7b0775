using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLPipelines.Pipelines;

/// <summary>Reads MNIST's pairs of files: <c>train-images-idx3-ubyte</c> with <c>train-labels-idx1-ubyte</c>, also <c>.gz</c>.</summary>
/// <remarks>Items are handed on as binary PGM (<c>P5</c>), so that everything downstream reads encoded images and nothing else.</remarks>
internal static partial class IdxReader
{
    private static readonly string[] namesFiles = ["labels.txt", "classes.txt"];

    /// <summary>Whether the name is that of an IDX file of images.</summary>
    public static bool IsImages(string path) => ImagesName().IsMatch(Path.GetFileName(path));

    /// <summary>The IDX files of images in a folder, in ordinal order; a file that is there plain and as <c>.gz</c> counts once.</summary>
    public static IReadOnlyList<string> ImagesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Where(IsImages).Order(StringComparer.Ordinal)
            .DistinctBy(path => WithoutGz(Path.GetFileName(path)), StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Reads the pairs and names their classes.</summary>
    /// <returns>The items, and the class names in the order of the class numbers.</returns>
    public static (List<ImageItem> Items, IReadOnlyList<string> Labels) Read(
        IReadOnlyList<string> imageFiles, ImageDatasetOptions options, BadItems bad)
    {
        var pairs = imageFiles.Select(path => (Path: path, Images: IdxFile.Open(path, 3), Classes: ReadClasses(path, options))).ToList();
        var names = options.Labels ?? NamesBeside(imageFiles[0]);
        var items = new List<ImageItem>(pairs.Sum(pair => pair.Images.Dimensions[0]));
        foreach (var (path, images, classes) in pairs)
        {
            var count = images.Dimensions[0];
            if (classes is not null && classes.Length != count)
                throw new InvalidDataException(
                    $"'{path}' has {count:N0} images and its labels file has {classes.Length:N0} labels; the two do not belong together.");

            var name = ImagesName().Match(Path.GetFileName(path));
            var part = pairs.Count > 1 || DatasetParts.Named(name.Groups["prefix"].Value) is not null
                ? DatasetParts.Named(name.Groups["prefix"].Value) ?? name.Groups["prefix"].Value
                : null;
            var stem = name.Groups["stem"].Value;
            for (var i = 0; i < count; i++)
            {
                var (index, id) = (i, $"{stem}#{i}");
                if (Label(classes, i, names, path, id, part, bad) is (true, var label))
                    items.Add(new ImageItem(id, label, part, () => Pgm(images, index)));
            }
        }
        var present = items.Select(item => item.Label).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return (items, names ?? [.. present.OrderBy(label => int.Parse(label, CultureInfo.InvariantCulture))]);
    }

    // P5, width, height, 255, then the rows: http://netpbm.sourceforge.net/doc/pgm.html
    private static byte[] Pgm(IdxFile images, int index)
    {
        var (width, height) = (images.Dimensions[2], images.Dimensions[1]);
        var header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{width} {height}\n255\n"));
        var pgm = new byte[header.Length + images.ItemLength];
        header.CopyTo(pgm, 0);
        images.Read(index, pgm.AsSpan(header.Length));
        return pgm;
    }

    private static (bool Use, string? Label) Label(
        byte[]? classes, int i, IReadOnlyList<string>? names, string path, string id, string? part, BadItems bad)
    {
        if (classes is null) return (true, null);
        if (names is null) return (true, classes[i].ToString(CultureInfo.InvariantCulture));
        if (classes[i] < names.Count) return (true, names[classes[i]]);
        bad.Report(id, part, $"It has class number {classes[i]}, and {names.Count} label names were given for '{path}'.");
        return (false, null);
    }

    private static byte[]? ReadClasses(string imagesPath, ImageDatasetOptions options)
    {
        var plain = WithoutGz(imagesPath);
        var name = Path.GetFileName(plain)
            .Replace("images", "labels", StringComparison.OrdinalIgnoreCase)
            .Replace("idx3", "idx1", StringComparison.OrdinalIgnoreCase);
        var labels = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(plain))!, name);
        if (File.Exists(labels)) return IdxFile.Open(labels, 1).ReadAll();
        if (File.Exists(labels + ".gz")) return IdxFile.Open(labels + ".gz", 1).ReadAll();
        return options.RequireLabels
            ? throw new FileNotFoundException($"'{imagesPath}' has no labels beside it; expected '{name}' or '{name}.gz' in the same folder.", labels)
            : null;
    }

    private static IReadOnlyList<string>? NamesBeside(string imagesPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(imagesPath))!;
        return namesFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path ? LabelsFile.Read(path) : null;
    }

    private static string WithoutGz(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    [GeneratedRegex(
        @"^(?<stem>(?<prefix>.*?)[-_.]?images)[-.]idx3-ubyte(\.gz)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ImagesName();
}
