namespace MLPipelines.Images;

/// <summary>The formats that images are encoded in.</summary>
public enum ImageFileFormat
{
    /// <summary>Lossless; grey, RGB, RGBA.</summary>
    Png,

    /// <summary>Lossy; grey or RGB. Alpha is flattened on white.</summary>
    Jpeg,

    /// <summary>Lossy (lossless at quality 100); RGB or RGBA. Grey is written as RGB.</summary>
    WebP,
}
