using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLPipelines.Learning;

namespace MLPipelines.Benchmarks;

/// <summary>The most fused multiply-adds that the machine does in single precision, two operations each: what kernels are measured by.</summary>
internal static class MultiplyAddPeak
{
    private const int Chains = 12;
    private const int Rounds = 200_000;

    /// <summary>GFLOP/s of all threads of a team, in registers alone; the best of several tries, as another program may be in the way.</summary>
    public static double Measure(ThreadTeam team)
    {
        var isWide = Vector512.IsHardwareAccelerated;
        var lanes = isWide ? Vector512<float>.Count : Vector256<float>.Count;
        var results = new float[team.Count];
        var best = 0.0;
        for (var tries = 0; tries < 100; tries++)
        {
            var start = Stopwatch.GetTimestamp();
            team.For(team.Count, (item, _) => results[item] = isWide ? Run512(Rounds) : Run256(Rounds));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, 2.0 * team.Count * Rounds * Chains * lanes / seconds / 1e9);
        }

        if (results.Any(float.IsNaN)) throw new InvalidOperationException("Bug in MLPipelines: the multiply-adds of the peak overflowed.");
        return best;
    }

    // Twelve independent chains fit into 16 registers and keep two units busy whose results take four or five cycles; x ← x · ½ + ½ stays at 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run512(int rounds)
    {
        var half = Vector512.Create(0.5f);
        Vector512<float> a = Vector512<float>.One, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, half, half);
            b = Vector512.FusedMultiplyAdd(b, half, half);
            c = Vector512.FusedMultiplyAdd(c, half, half);
            d = Vector512.FusedMultiplyAdd(d, half, half);
            e = Vector512.FusedMultiplyAdd(e, half, half);
            f = Vector512.FusedMultiplyAdd(f, half, half);
            g = Vector512.FusedMultiplyAdd(g, half, half);
            h = Vector512.FusedMultiplyAdd(h, half, half);
            i = Vector512.FusedMultiplyAdd(i, half, half);
            j = Vector512.FusedMultiplyAdd(j, half, half);
            k = Vector512.FusedMultiplyAdd(k, half, half);
            l = Vector512.FusedMultiplyAdd(l, half, half);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run256(int rounds)
    {
        var half = Vector256.Create(0.5f);
        Vector256<float> a = Vector256<float>.One, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, half, half);
            b = Vector256.FusedMultiplyAdd(b, half, half);
            c = Vector256.FusedMultiplyAdd(c, half, half);
            d = Vector256.FusedMultiplyAdd(d, half, half);
            e = Vector256.FusedMultiplyAdd(e, half, half);
            f = Vector256.FusedMultiplyAdd(f, half, half);
            g = Vector256.FusedMultiplyAdd(g, half, half);
            h = Vector256.FusedMultiplyAdd(h, half, half);
            i = Vector256.FusedMultiplyAdd(i, half, half);
            j = Vector256.FusedMultiplyAdd(j, half, half);
            k = Vector256.FusedMultiplyAdd(k, half, half);
            l = Vector256.FusedMultiplyAdd(l, half, half);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
