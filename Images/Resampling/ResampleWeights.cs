using System.Collections.Concurrent;

namespace MLPipelines.Images;

/// <summary>For each pixel of a window along one axis of the resized image: which source pixels it is made of, and their weights.</summary>
/// <remarks>
/// The weights are those of Pillow's <c>resize</c>: the filter is centred on (x + ½)·scale, widened by the scale when reducing, cut at the
/// edges and normalised to sum 1. Every pixel has the same number of <see cref="Taps"/> (padded with weights of 0), so that loops over them
/// are plain. Tables are immutable, computed once and kept; images of the same size share them.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>Tables kept at most. Photo collections have a few sizes; where every image has its own, the
    /// tables are dropped and made anew.</summary>
    private const int Kept = 256;

    private static readonly ConcurrentDictionary<
        (int Source, long Resized, long First, int Count, Interpolation Filter), ResampleWeights> Tables = new();

    private readonly int[] starts;
    private readonly float[] weights;

    private ResampleWeights(int taps, int[] starts, float[] weights) => (Taps, this.starts, this.weights) = (taps, starts, weights);

    /// <summary>How many source pixels each pixel is made of.</summary>
    public int Taps { get; }

    /// <summary>The first source pixel of each pixel of the window; never decreasing, and start + taps stays within the source.</summary>
    public ReadOnlySpan<int> Starts => starts;

    /// <summary>The weights of one pixel of the window.</summary>
    public ReadOnlySpan<float> Of(int pixel) => weights.AsSpan(pixel * Taps, Taps);

    /// <summary>The table of a window of an axis.</summary>
    /// <param name="source">Pixels of the source along this axis.</param>
    /// <param name="resized">Pixels of the whole resized image along this axis.</param>
    /// <param name="first">First pixel of the window.</param>
    /// <param name="count">Pixels of the window.</param>
    /// <param name="filter">What to sample with.</param>
    public static ResampleWeights For(int source, long resized, long first, int count, Interpolation filter)
    {
        var key = (source, resized, first, count, filter);
        if (Tables.TryGetValue(key, out var known))
            return known;
        if (Tables.Count >= Kept)
            Tables.Clear();
        return Tables.GetOrAdd(key, static k => Compute(k.Source, k.Resized, k.First, k.Count, k.Filter));
    }

    private static ResampleWeights Compute(int source, long resized, long first, int count, Interpolation filter)
    {
        var scale = (double)source / resized;
        if (resized == source || filter == Interpolation.Nearest)
        {
            var nearest = new int[count];
            for (var i = 0; i < count; i++)
                nearest[i] = Math.Min(source - 1, (int)((first + i + 0.5) * scale));
            var ones = new float[count];
            Array.Fill(ones, 1);
            return new(1, nearest, ones);
        }

        var widening = Math.Max(1, scale);
        var support = Radius(filter) * widening;
        var (from, to) = (new int[count], new int[count]);
        var taps = 0;
        for (var i = 0; i < count; i++)
        {
            var centre = (first + i + 0.5) * scale;
            from[i] = Math.Max(0, (int)(centre - support + 0.5));
            to[i] = Math.Min(source, (int)(centre + support + 0.5));
            taps = Math.Max(taps, to[i] - from[i]);
        }

        var weights = new float[count * taps];
        var exact = new double[taps];
        for (var i = 0; i < count; i++)
        {
            var centre = (first + i + 0.5) * scale;
            var sum = 0.0;
            for (var x = from[i]; x < to[i]; x++)
                sum += exact[x - from[i]] = Filter(filter, (x - centre + 0.5) / widening);

            var start = Math.Min(from[i], source - taps);
            for (var x = from[i]; x < to[i]; x++)
                weights[(i * taps) + x - start] = (float)(exact[x - from[i]] / sum);
            from[i] = start;
        }

        return new(taps, from, weights);
    }

    private static double Radius(Interpolation filter) => filter switch
    {
        Interpolation.Box => 0.5,
        Interpolation.Bilinear => 1,
        Interpolation.Bicubic => 2,
        Interpolation.Lanczos3 => 3,
        _ => throw new InvalidOperationException($"Bug in MLPipelines: interpolation {filter}."),
    };

    private static double Filter(Interpolation filter, double x) => filter switch
    {
        Interpolation.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        Interpolation.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        Interpolation.Bicubic => Cubic(Math.Abs(x)),
        _ => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    // Keys 1981, a = −1/2.
    private static double Cubic(double x) =>
        x < 1 ? ((1.5 * x) - 2.5) * x * x + 1
        : x < 2 ? ((((-0.5 * x) + 2.5) * x) - 4) * x + 2
        : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
