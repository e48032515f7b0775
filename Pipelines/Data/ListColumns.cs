namespace MLPipelines.Pipelines;

/// <summary>Where a list file keeps the paths and the labels, found out from its first line.</summary>
/// <param name="Path">The index of the column of paths.</param>
/// <param name="Label">The index of the column of labels; null where there is none.</param>
/// <param name="HasHeader">Whether the first line names the columns, and is no item.</param>
internal sealed record ListColumns(int Path, int? Label, bool HasHeader)
{
    private static readonly string[] pathNames = ["path", "file", "filename", "image"];
    private static readonly string[] labelNames = ["label", "class"];

    /// <summary>
    /// The first line is a header if the options name a column, if one of its fields is a known column name, or if its first field does not
    /// end like an image file.
    /// Columns without a known name are taken in order: the first for the paths, the next for the labels.
    /// </summary>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static ListColumns Of(string[] firstLine, string list, ImageDatasetOptions options)
    {
        var path = Find(firstLine, options.PathColumn, pathNames);
        var label = Find(firstLine, options.LabelColumn, labelNames);
        var isHeader = options.HasHeader
            ?? (options.PathColumn is not null || options.LabelColumn is not null || path is not null || label is not null
                || !ImageFiles.IsImage(firstLine[0]));
        if (!isHeader) (path, label) = (null, null);

        // A known name for one column only says that the other one's name should have been known as well, unless there are just two.
        var inOrder = !isHeader || (path is null && label is null) || firstLine.Length == 2;
        if (path is null && options.PathColumn is null && inOrder) path = label == 0 ? 1 : 0;
        if (label is null && options.LabelColumn is null && inOrder && firstLine.Length > 1) label = path == 0 ? 1 : 0;

        if (path is null || path >= firstLine.Length) throw Missing("paths", options.PathColumn, pathNames, nameof(ImageDatasetOptions.PathColumn));
        if (label is null && options.RequireLabels) throw Missing("labels", options.LabelColumn, labelNames, nameof(ImageDatasetOptions.LabelColumn));
        return new ListColumns(path.Value, label, isHeader);

        InvalidDataException Missing(string what, string? given, string[] known, string option) => new(
            $"The list '{list}' has no column for the {what} ({(given is null ? string.Join(", ", known) : $"'{given}'")}); its first line has "
            + $"{firstLine.Length} field{(firstLine.Length == 1 ? "" : "s")}: {string.Join(", ", firstLine.Take(20).Select(field => $"'{field}'"))}. "
            + $"Name the column with {option}.");
    }

    private static int? Find(string[] header, string? given, string[] known)
    {
        var index = Array.FindIndex(header, field => given is null ? known.Contains(field, StringComparer.OrdinalIgnoreCase) : field == given);
        return index >= 0 ? index : null;
    }
}
