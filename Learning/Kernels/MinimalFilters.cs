using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Minimal filtering in one dimension: 4 outputs of a kernel of r taps for <c>r + 3</c> products instead of 4·r.</summary>
/// <remarks><c>y = Aᵀ [ (G w) ⊙ (Bᵀ d) ]</c>. Every map takes vectors of channels.</remarks>
internal unsafe interface IMinimalFilter
{
    /// <summary>Taps of the kernel, r.</summary>
    static abstract int Taps { get; }

    /// <summary>Bᵀ: <c>r + 3</c> inputs to as many places.</summary>
    static abstract void Input(float* from, long stride, float* to, long toStride);

    /// <summary>A: 4 gradients of outputs to places.</summary>
    static abstract void Gradient(float* from, long stride, float* to, long toStride);

    /// <summary>Aᵀ: products to 4 outputs.</summary>
    static abstract (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Output(float* from, long stride);

    /// <summary>G: taps to places.</summary>
    static abstract void Weight(float* from, long stride, float* to, long toStride);

    /// <summary>Gᵀ: places to the gradients of taps.</summary>
    static abstract void WeightGradient(float* from, long stride, float* to, long toStride);
}

/// <summary>F(4, 3) over the points 0, ±1, ±2 and ∞ (Lavin and Gray 2015, §4.3).</summary>
internal readonly unsafe struct ThreeTaps : IMinimalFilter
{
    /// <inheritdoc/>
    public static int Taps => 3;

    // Bᵀ = [4 0 −5 0 1 0; 0 −4 −4 1 1 0; 0 4 −4 −1 1 0; 0 −2 −1 2 1 0; 0 2 −1 −2 1 0; 0 4 0 −5 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* from, long stride, float* to, long toStride)
    {
        var (four, five) = (Vector512.Create(4f), Vector512.Create(-5f));
        var (d0, d1, d2) = (Vector512.Load(from), Vector512.Load(from + stride), Vector512.Load(from + 2 * stride));
        var (d3, d4, d5) = (Vector512.Load(from + 3 * stride), Vector512.Load(from + 4 * stride), Vector512.Load(from + 5 * stride));
        Vector512.MultiplyAddEstimate(d0, four, Vector512.MultiplyAddEstimate(d2, five, d4)).Store(to);
        var even = Vector512.MultiplyAddEstimate(d2, -four, d4);
        var odd = Vector512.MultiplyAddEstimate(d1, -four, d3);
        (even + odd).Store(to + toStride);
        (even - odd).Store(to + 2 * toStride);
        even = d4 - d2;
        odd = d3 - d1;
        odd += odd;
        (even + odd).Store(to + 3 * toStride);
        (even - odd).Store(to + 4 * toStride);
        Vector512.MultiplyAddEstimate(d1, four, Vector512.MultiplyAddEstimate(d3, five, d5)).Store(to + 5 * toStride);
    }

    // A = [1 0 0 0; 1 1 1 1; 1 −1 1 −1; 1 2 4 8; 1 −2 4 −8; 0 0 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient(float* from, long stride, float* to, long toStride)
    {
        var (y0, y1, y2, y3) = (Vector512.Load(from), Vector512.Load(from + stride), Vector512.Load(from + 2 * stride), Vector512.Load(from + 3 * stride));
        y0.Store(to);
        var (even, odd) = (y0 + y2, y1 + y3);
        (even + odd).Store(to + toStride);
        (even - odd).Store(to + 2 * toStride);
        even = Vector512.MultiplyAddEstimate(y2, Vector512.Create(4f), y0);
        odd = Vector512.MultiplyAddEstimate(y3, Vector512.Create(8f), y1 + y1);
        (even + odd).Store(to + 3 * toStride);
        (even - odd).Store(to + 4 * toStride);
        y3.Store(to + 5 * toStride);
    }

    // Aᵀ = [1 1 1 1 1 0; 0 1 −1 2 −2 0; 0 1 1 4 4 0; 0 1 −1 8 −8 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Output(float* from, long stride)
    {
        var (m1, m2) = (Vector512.Load(from + stride), Vector512.Load(from + 2 * stride));
        var (m3, m4) = (Vector512.Load(from + 3 * stride), Vector512.Load(from + 4 * stride));
        var (sum, difference) = (m1 + m2, m1 - m2);
        var (farSum, farDifference) = (m3 + m4, m3 - m4);
        return (
            Vector512.Load(from) + sum + farSum,
            Vector512.MultiplyAddEstimate(farDifference, Vector512.Create(2f), difference),
            Vector512.MultiplyAddEstimate(farSum, Vector512.Create(4f), sum),
            Vector512.MultiplyAddEstimate(farDifference, Vector512.Create(8f), difference) + Vector512.Load(from + 5 * stride));
    }

    // G = [1/4 0 0; −1/6 −1/6 −1/6; −1/6 1/6 −1/6; 1/24 1/12 1/6; 1/24 −1/12 1/6; 0 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weight(float* from, long stride, float* to, long toStride)
    {
        var (w0, w1, w2) = (Vector512.Load(from), Vector512.Load(from + stride), Vector512.Load(from + 2 * stride));
        (w0 * 0.25f).Store(to);
        var sixth = Vector512.Create(-1f / 6);
        var even = (w0 + w2) * sixth;
        var odd = w1 * sixth;
        (even + odd).Store(to + toStride);
        (even - odd).Store(to + 2 * toStride);
        even = Vector512.MultiplyAddEstimate(w0, Vector512.Create(1f / 24), w2 * (1f / 6));
        odd = w1 * (1f / 12);
        (even + odd).Store(to + 3 * toStride);
        (even - odd).Store(to + 4 * toStride);
        w2.Store(to + 5 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WeightGradient(float* from, long stride, float* to, long toStride)
    {
        var (u1, u2) = (Vector512.Load(from + stride), Vector512.Load(from + 2 * stride));
        var (u3, u4) = (Vector512.Load(from + 3 * stride), Vector512.Load(from + 4 * stride));
        var (near, nearDifference) = ((u1 + u2) * (-1f / 6), (u2 - u1) * (1f / 6));
        var (far, farDifference) = ((u3 + u4) * (1f / 24), (u3 - u4) * (1f / 12));
        (Vector512.MultiplyAddEstimate(Vector512.Load(from), Vector512.Create(0.25f), near) + far).Store(to);
        (nearDifference + farDifference).Store(to + toStride);
        (Vector512.MultiplyAddEstimate(far, Vector512.Create(4f), near) + Vector512.Load(from + 5 * stride)).Store(to + 2 * toStride);
    }
}

/// <summary>F(4, 2) over the points 0, ±1, 2 and ∞, by the same construction.</summary>
internal readonly unsafe struct TwoTaps : IMinimalFilter
{
    /// <inheritdoc/>
    public static int Taps => 2;

    // Bᵀ = [2 −1 −2 1 0; 0 −2 −1 1 0; 0 2 −3 1 0; 0 −1 0 1 0; 0 2 −1 −2 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* from, long stride, float* to, long toStride)
    {
        var two = Vector512.Create(2f);
        var (d0, d1, d2) = (Vector512.Load(from), Vector512.Load(from + stride), Vector512.Load(from + 2 * stride));
        var (d3, d4) = (Vector512.Load(from + 3 * stride), Vector512.Load(from + 4 * stride));
        var outer = d3 - d1;
        Vector512.MultiplyAddEstimate(d0 - d2, two, outer).Store(to);
        Vector512.MultiplyAddEstimate(d1, -two, d3 - d2).Store(to + toStride);
        Vector512.MultiplyAddEstimate(d2, Vector512.Create(-3f), Vector512.MultiplyAddEstimate(d1, two, d3)).Store(to + 2 * toStride);
        outer.Store(to + 3 * toStride);
        Vector512.MultiplyAddEstimate(outer, -two, d4 - d2).Store(to + 4 * toStride);
    }

    // A = [1 0 0 0; 1 1 1 1; 1 −1 1 −1; 1 2 4 8; 0 0 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient(float* from, long stride, float* to, long toStride)
    {
        var (y0, y1, y2, y3) = (Vector512.Load(from), Vector512.Load(from + stride), Vector512.Load(from + 2 * stride), Vector512.Load(from + 3 * stride));
        y0.Store(to);
        var (even, odd) = (y0 + y2, y1 + y3);
        (even + odd).Store(to + toStride);
        (even - odd).Store(to + 2 * toStride);
        even = Vector512.MultiplyAddEstimate(y2, Vector512.Create(4f), y0);
        Vector512.MultiplyAddEstimate(y3, Vector512.Create(8f), Vector512.MultiplyAddEstimate(y1, Vector512.Create(2f), even)).Store(to + 3 * toStride);
        y3.Store(to + 4 * toStride);
    }

    // Aᵀ = [1 1 1 1 0; 0 1 −1 2 0; 0 1 1 4 0; 0 1 −1 8 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Output(float* from, long stride)
    {
        var (m1, m2, m3) = (Vector512.Load(from + stride), Vector512.Load(from + 2 * stride), Vector512.Load(from + 3 * stride));
        var (sum, difference) = (m1 + m2, m1 - m2);
        return (
            Vector512.Load(from) + sum + m3,
            Vector512.MultiplyAddEstimate(m3, Vector512.Create(2f), difference),
            Vector512.MultiplyAddEstimate(m3, Vector512.Create(4f), sum),
            Vector512.MultiplyAddEstimate(m3, Vector512.Create(8f), difference) + Vector512.Load(from + 4 * stride));
    }

    // G = [1/2 0; −1/2 −1/2; −1/6 1/6; 1/6 1/3; 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weight(float* from, long stride, float* to, long toStride)
    {
        var (w0, w1) = (Vector512.Load(from), Vector512.Load(from + stride));
        (w0 * 0.5f).Store(to);
        ((w0 + w1) * -0.5f).Store(to + toStride);
        ((w1 - w0) * (1f / 6)).Store(to + 2 * toStride);
        ((w0 + w1 + w1) * (1f / 6)).Store(to + 3 * toStride);
        w1.Store(to + 4 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WeightGradient(float* from, long stride, float* to, long toStride)
    {
        var (u1, u2, u3) = (Vector512.Load(from + stride), Vector512.Load(from + 2 * stride), Vector512.Load(from + 3 * stride));
        var half = Vector512.Create(0.5f);
        Vector512.MultiplyAddEstimate(Vector512.Load(from) - u1, half, (u3 - u2) * (1f / 6)).Store(to);
        (Vector512.MultiplyAddEstimate(u1, -half, Vector512.MultiplyAddEstimate(u2, Vector512.Create(1f / 6), u3 * (1f / 3))) + Vector512.Load(from + 4 * stride)).Store(to + toStride);
    }
}
