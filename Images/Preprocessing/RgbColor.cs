namespace MLPipelines.Images;

/// <summary>A colour, 8 bits a channel.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>(0, 0, 0), the default.</summary>
    public static RgbColor Black => default;

    /// <summary>(255, 255, 255).</summary>
    public static RgbColor White => new(255, 255, 255);
}
