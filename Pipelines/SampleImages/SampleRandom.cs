namespace MLPipelines.Pipelines;

/// <summary>SplitMix64: the same numbers from the same seed on every machine and with every version of .NET, which <see cref="Random"/>
/// does not promise.</summary>
/// <remarks>Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; constants of Vigna's
/// splitmix64.c.</remarks>
internal sealed class SampleRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A generator for one image, independent of all others, so that images can be drawn in any order.</summary>
    public static SampleRandom For(int seed, int part, int label, int index)
    {
        var random = new SampleRandom((uint)seed);
        foreach (var number in (ReadOnlySpan<int>)[part, label, index]) random = new SampleRandom(random.NextBits() + (uint)number);
        return random;
    }

    /// <summary>From 0 up to but not including 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From <paramref name="low"/> up to <paramref name="high"/>, evenly.</summary>
    public double Between(double low, double high) => low + (high - low) * Next();

    /// <summary>Nearly normally distributed, mean 0 and deviation 1, never beyond ±3.5: four even numbers added (Irwin and Hall), which,
    /// unlike a logarithm or a cosine, gives the same bits on every machine.</summary>
    public double Normal()
    {
        var bits = NextBits();
        var sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        // The sum of four numbers from 0 to 1 has the mean 2 and the variance 4/12.
        return (sum / 65535.0 - 2) * 1.7320508075688772;
    }

    private ulong NextBits()
    {
        var bits = state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
