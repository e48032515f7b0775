using System.Text.Json.Serialization;

namespace MLPipelines.Images;

/// <summary>The filter that resizing samples with; all but <see cref="Nearest"/> widen with the reduction (antialiasing), as in Pillow.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Interpolation>))]
public enum Interpolation
{
    /// <summary>The source pixel under the centre of the target pixel; no antialiasing.</summary>
    Nearest,

    /// <summary>The mean of the source pixels that the target pixel covers.</summary>
    Box,

    /// <summary>A triangle of radius 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic convolution with a = −0.5, radius 2. Overshoots; clamped to 0..255.</summary>
    Bicubic,

    /// <summary>A sinc windowed by a wider sinc, radius 3. Overshoots; clamped to 0..255.</summary>
    Lanczos3,
}
