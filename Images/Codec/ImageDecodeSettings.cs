namespace MLPipelines.Images;

/// <summary>The channels a decoded image shall have.</summary>
public enum ColorModel
{
    /// <summary>As the file has them: grey stays 1 channel, colour 3; with alpha, also grey with alpha, 4.</summary>
    AsStored,

    /// <summary>1 channel, Rec. 601 luma of the sRGB values: (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow
    /// computes it. Alpha is flattened.</summary>
    Grey,

    /// <summary>3 channels. Alpha is flattened.</summary>
    Rgb,

    /// <summary>4 channels; alpha is 255 where the file has none.</summary>
    Rgba,
}

/// <summary>What happens to a file that breaks the rules of its format.</summary>
public enum DamagePolicy
{
    /// <summary>Every break of the rules that is noticed is refused.</summary>
    Refuse,

    /// <summary>
    /// What every viewer passes over and loses nothing by (stray bytes before a marker, zeros behind the end) is decoded and noted in
    /// <see cref="RasterImage.Note"/>. What lacks pixels is refused.
    /// </summary>
    Tolerate,

    /// <summary>Of a file cut short or broken in the middle comes what can be decoded; the rest is grey, black or transparent. Noted, too.</summary>
    Salvage,
}

/// <summary>How an image is decoded.</summary>
public sealed record ImageDecodeSettings
{
    /// <summary>The channels wanted; as stored by default.</summary>
    public ColorModel Colors { get; init; } = ColorModel.AsStored;

    /// <summary>
    /// When set, the image may come back smaller than stored, but (after its orientation is applied) with at least this width and height,
    /// unless it is smaller from the start. JPEG and WebP then decode faster, as they are shrunk while decoding: JPEG to a half, a quarter or an
    /// eighth, WebP to any size; other formats come in full size.
    /// </summary>
    public (int Width, int Height)? ShrinkToAtLeast { get; init; }

    /// <summary>Images of more pixels are refused before any is decoded; 268,435,456 (16384 × 16384) by default.</summary>
    public long MaximumPixels { get; init; } = 268_435_456;

    /// <summary>Whether the EXIF orientation is applied, so that the image stands upright; true by default.</summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>What happens to damaged files; by default what every viewer passes over is decoded, and everything worse refused.</summary>
    public DamagePolicy Damage { get; init; } = DamagePolicy.Tolerate;

    /// <summary>What shows through where alpha is flattened; white by default.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);
}
