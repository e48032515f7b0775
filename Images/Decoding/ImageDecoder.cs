namespace MLPipelines.Images;

/// <summary>Decodes any format but PGM and PPM, whose pixels need no decoding: tells the format, decodes, turns upright, judges the damage.</summary>
internal static class ImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <exception cref="InvalidDataException">It is no image, or damaged, or larger than allowed; the message names it.</exception>
    public static DecodedPixels Decode(ReadOnlySpan<byte> encoded, ImageDecodeSettings settings, string name)
    {
        if (encoded.IsEmpty)
            throw new InvalidDataException($"{name} is empty: it has no bytes.");
        if (ImageFormat.Of(encoded) is not { } format)
        {
            throw new InvalidDataException(
                $"{name} is no image in a format that can be read ({ImageFormat.KnownNames}): its {encoded.Length:N0} bytes start with "
                + $"{ImageFormat.Start(encoded)}.");
        }

        if (format.Advice is { } advice)
            throw new InvalidDataException($"{name} is a {format.Name} image, which is not read; {advice}.");

        var file = new ImageFile(name, format, encoded.Length);
        var pixels = format.Name == "TIFF" ? TiffDecoder.Decode(encoded, settings, file) : SkiaDecoder.Decode(encoded, settings, file);
        if (pixels.Note is { IsDamage: true } flaw && settings.Damage == DamagePolicy.Refuse)
        {
            pixels.Dispose();
            throw file.Damaged(flaw.Text);
        }

        return pixels;
    }
}

/// <summary>What errors say of a file.</summary>
/// <param name="Name">A path, an id.</param>
/// <param name="Format">What its beginning says it is.</param>
/// <param name="Length">In bytes.</param>
internal readonly record struct ImageFile(string Name, ImageFormat Format, int Length)
{
    /// <summary><c>photo.jpg is a damaged JPEG image (12,345 bytes): its data end early.</c></summary>
    /// <param name="problem">Half a sentence.</param>
    public InvalidDataException Damaged(string problem) =>
        new($"{Name} is a damaged {Format.Name} image ({Length:N0} bytes): {problem}.");

    /// <summary><c>scan.tif is a TIFF image of 12 bits a sample, which is not read; …</c></summary>
    /// <param name="kind">What is special about it.</param>
    /// <param name="advice">What to do.</param>
    public InvalidDataException Unsupported(string kind, string advice) =>
        new($"{Name} is a {Format.Name} image {kind}, which is not read; {advice}.");

    /// <summary>Refuses what has more pixels than the settings allow, or than an array could hold.</summary>
    public void CheckSize(int width, int height, ImageDecodeSettings settings)
    {
        var allowed = Math.Min(settings.MaximumPixels, Array.MaxLength / 4);
        if ((long)width * height > allowed)
        {
            throw new InvalidDataException(
                $"{Name} is {width:N0} × {height:N0} = {(long)width * height:N0} pixels large; at most {allowed:N0} are allowed "
                + $"({nameof(ImageDecodeSettings)}.{nameof(ImageDecodeSettings.MaximumPixels)}).");
        }
    }
}
