namespace MLPipelines.Learning;

/// <summary>The shape of one sample: height × width × channels, channels last. A plain vector of n numbers is 1 × 1 × n.</summary>
public readonly record struct ImageShape(int Height, int Width, int Channels)
{
    /// <summary>The shape of a vector of <paramref name="length"/> numbers.</summary>
    public static ImageShape Vector(int length) => new(1, 1, length);

    /// <summary>How many numbers a sample has.</summary>
    public int Size => Height * Width * Channels;

    /// <summary><c>28×28×1</c>, or <c>784</c> for a vector.</summary>
    public override string ToString() => Height == 1 && Width == 1 ? $"{Channels}" : $"{Height}×{Width}×{Channels}";
}
