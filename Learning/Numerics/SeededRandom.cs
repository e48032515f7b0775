namespace MLPipelines.Learning;

/// <summary>Random numbers from a key alone: the same key gives the same sequence on every machine and thread (SplitMix64, Steele et al. 2014).</summary>
/// <remarks>A mutable value: pass it by reference, or every copy draws the same. Not for secrets.</remarks>
public struct SeededRandom(ulong key)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Where the sequence stands; a <see cref="SeededRandom"/> made of it goes on from here.</summary>
    public ulong State { get; private set; } = key;

    /// <summary>A key made of several numbers, such as seed, epoch and sample; each order and value gives another.</summary>
    public static ulong Key(params ReadOnlySpan<ulong> parts)
    {
        var key = Step;
        foreach (var part in parts) key = Scramble(key ^ Scramble(part + Step));
        return key;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Scramble(State += Step);

    /// <summary>A number from 0 to below 1, a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A number from 0 to below 1, a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below <paramref name="bound"/>, which is at least 1.</summary>
    public int Next(int bound) => (int)(((UInt128)NextBits() * (ulong)bound) >> 64);

    /// <summary>A number from the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts the items in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Scramble(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
