namespace MLPipelines.Images;

/// <summary>What can be told of a file without decoding its pixels, beyond what the decoder says.</summary>
internal readonly record struct FileFacts
{
    /// <summary>Nothing special.</summary>
    public FileFacts()
    {
    }

    /// <summary>Whether an embedded colour profile is to be applied. Other statements about colour (PNG's gamma) are
    /// passed over, as is usual.</summary>
    public bool HasProfile { get; init; } = true;

    /// <summary>Whether it has 16 bits a channel.</summary>
    public bool Is16Bit { get; init; }

    /// <summary>Whether the decoder holds all of it at once.</summary>
    public bool IsProgressive { get; init; }

    /// <summary>Whether its end is missing, and perhaps no pixel with it: where the decoder has all pixels, it is a flaw and no more.</summary>
    public bool LacksEnd { get; init; }

    /// <summary>EXIF's orientation where the decoder does not look for it; else 1.</summary>
    public int Orientation { get; init; } = Images.Orientation.Upright;

    /// <summary>Half a sentence: damage for which the file is refused although its pixels may be decoded.</summary>
    public string? Broken { get; init; }

    /// <summary>Half a sentence: damage that does no harm.</summary>
    public string? Flaw { get; init; }

    /// <summary>Looks through the structure of a file.</summary>
    public static FileFacts Of(ReadOnlySpan<byte> file, ImageFormat format) => format.Name switch
    {
        "JPEG" => JpegStructure.FactsOf(file),
        "PNG" => PngChunks.FactsOf(file),
        _ => new FileFacts(),
    };
}
