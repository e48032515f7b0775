namespace MLPipelines.Pipelines;

/// <summary>One image of a data set: what it is called, what it shows, and where its bytes come from.</summary>
/// <remarks>The bytes are read each time they are asked for, and no file stays open, so that a data set of any size is a small list.</remarks>
/// <param name="id">Unique in its data set: the path relative to the data set with <c>/</c>, or <c>t10k-images#123</c> for item 123 of an
/// IDX file.</param>
/// <param name="label">The class, or null where it is not known.</param>
/// <param name="part">The part of the data set (<c>train</c>, <c>test</c>, …), or null where there are no parts.</param>
/// <param name="read">Reads the encoded image (PNG, JPEG, PGM, …). May be called from several threads.</param>
public sealed class ImageItem(string id, string? label, string? part, Func<byte[]> read)
{
    /// <summary>The item's name, unique in its data set and the same on every machine.</summary>
    public string Id { get; } = id;

    /// <summary>The class, or null where it is not known.</summary>
    public string? Label { get; } = label;

    /// <summary>The part of the data set that the item belongs to, or null where there are no parts.</summary>
    public string? Part { get; } = part;

    /// <summary>The image file, or null where the image lies inside another file or in memory.</summary>
    public string? File { get; init; }

    /// <summary>Reads the encoded image.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    /// <exception cref="InvalidDataException">The file is empty.</exception>
    public byte[] ReadBytes()
    {
        var bytes = read();
        return bytes.Length > 0 ? bytes : throw new InvalidDataException($"Image '{Id}' is empty (0 bytes); an encoded image was expected.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Label ?? "no label"})";

    /// <summary>An image file, called by its path, without a label.</summary>
    public static ImageItem OfFile(string path) => OfFile(path, label: null, part: null, path);

    internal static ImageItem OfFile(string id, string? label, string? part, string file) =>
        new(id, label, part, () => System.IO.File.ReadAllBytes(file)) { File = file };
}
