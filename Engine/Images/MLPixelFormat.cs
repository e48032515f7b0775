namespace Microsoft.ML.Data;

/// <summary>The order of the bytes of a pixel.</summary>
public enum MLPixelFormat
{
    /// <summary>None; no image has it.</summary>
    Unknown = 0,

    /// <summary>Blue, green, red, alpha; a byte each.</summary>
    Bgra32 = 1,

    /// <summary>Red, green, blue, alpha; a byte each.</summary>
    Rgba32 = 2,
}
