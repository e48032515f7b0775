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

/// <summary>How an image is decoded.</summary>
public sealed record ImageDecodeSettings
{
    /// <summary>The channels wanted; as stored by default.</summary>
    public ColorModel Colors { get; init; } = ColorModel.AsStored;

    /// <summary>
    /// When set, the image may come back smaller than stored, but (after its orientation is applied) with at least this width and height,
    /// unless it is smaller from the start. JPEG and WebP then decode faster, as they are shrunk while decoding. JPEG shrinks by 2,
    /// 4 or 8; other formats come in full size.
    /// </summary>
    public (int Width, int Height)? ShrinkToAtLeast { get; init; }

    /// <summary>Images of more pixels are refused before any is decoded; 268,435,456 (16384 × 16384) by default.</summary>
    public long MaximumPixels { get; init; } = 268_435_456;

    /// <summary>Whether the EXIF orientation is applied, so that the image stands upright; true by default.</summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>
    /// Whether damaged files give what can be decoded of them (the rest is grey or noise) where the format allows
    /// it; false by default: they are refused.
    /// Some collections hold photos with a few stray bytes that every viewer passes over; true reads those.
    /// </summary>
    public bool AcceptDamage { get; init; }

    /// <summary>What shows through where alpha is flattened; white by default.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);
}
