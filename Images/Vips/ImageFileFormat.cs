namespace MLPipelines.Images;

/// <summary>The formats that images are encoded in.</summary>
public enum ImageFileFormat
{
    /// <summary>Lossless; grey, RGB, RGBA.</summary>
    Png,

    /// <summary>Lossy; grey or RGB. Alpha is flattened on white.</summary>
    Jpeg,

    /// <summary>Lossy; RGB or RGBA. Grey is written as RGB.</summary>
    WebP,
}

/// <summary>The filter that pixels are resampled with; the numbers are libvips's.</summary>
public enum ResizeKernel
{
    /// <summary>The nearest pixel; no new values arise.</summary>
    Nearest = 0,

    /// <summary>A triangle two pixels wide.</summary>
    Linear = 1,

    /// <summary>Catmull-Rom, four pixels wide.</summary>
    Cubic = 2,

    /// <summary>Mitchell-Netravali, four pixels wide, softer.</summary>
    Mitchell = 3,

    /// <summary>A windowed sinc, six pixels wide, sharp.</summary>
    Lanczos3 = 5,
}
