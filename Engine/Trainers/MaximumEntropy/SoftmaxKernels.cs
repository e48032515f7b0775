using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Trainers;

/// <summary>The two matrix products of multinomial logistic regression, tiled for the processor's vector registers.</summary>
/// <remarks>
/// All matrices are row-major and padded: rows to a multiple of <see cref="RowTile"/>, classes to a multiple of <see cref="ClassTile"/>, features
/// to a multiple of four vectors. A tile keeps eight running sums in registers, enough to hide the latency of a fused multiply-add, and the order
/// of every sum is fixed: the same input gives the same bits.
/// </remarks>
internal static class SoftmaxKernels
{
    internal const int RowTile = 4;
    internal const int ClassTile = 2;

    /// <summary>scores[r, k] = Σ_d block[r, d] · weights[k, d] + biases[k].</summary>
    /// <param name="block">rows × stride.</param>
    /// <param name="weights">classes × stride.</param>
    /// <param name="biases">One for each class; its length is the (padded) number of classes.</param>
    /// <param name="stride">Floats in a row.</param>
    /// <param name="scores">rows × classes, overwritten.</param>
    internal static void Scores(ReadOnlySpan<double> block, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, int stride, Span<double> scores)
    {
        var (rows, classes) = (block.Length / stride, biases.Length);
        ref var firstRow = ref MemoryMarshal.GetReference(block);
        ref var firstWeight = ref MemoryMarshal.GetReference(weights);
        for (var r = 0; r < rows; r += RowTile)
        {
            ref var x0 = ref Unsafe.Add(ref firstRow, r * stride);
            ref var x1 = ref Unsafe.Add(ref x0, stride);
            ref var x2 = ref Unsafe.Add(ref x1, stride);
            ref var x3 = ref Unsafe.Add(ref x2, stride);
            for (var k = 0; k < classes; k += ClassTile)
            {
                ref var w0 = ref Unsafe.Add(ref firstWeight, k * stride);
                ref var w1 = ref Unsafe.Add(ref w0, stride);
                Vector<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
                for (nuint d = 0; d < (nuint)stride; d += (nuint)Vector<double>.Count)
                {
                    var (a, b) = (Vector.LoadUnsafe(ref w0, d), Vector.LoadUnsafe(ref w1, d));
                    var x = Vector.LoadUnsafe(ref x0, d);
                    (s00, s01) = (Vector.FusedMultiplyAdd(x, a, s00), Vector.FusedMultiplyAdd(x, b, s01));
                    x = Vector.LoadUnsafe(ref x1, d);
                    (s10, s11) = (Vector.FusedMultiplyAdd(x, a, s10), Vector.FusedMultiplyAdd(x, b, s11));
                    x = Vector.LoadUnsafe(ref x2, d);
                    (s20, s21) = (Vector.FusedMultiplyAdd(x, a, s20), Vector.FusedMultiplyAdd(x, b, s21));
                    x = Vector.LoadUnsafe(ref x3, d);
                    (s30, s31) = (Vector.FusedMultiplyAdd(x, a, s30), Vector.FusedMultiplyAdd(x, b, s31));
                }
                Store(scores[(r * classes + k)..], s00, s01, biases[k], biases[k + 1]);
                Store(scores[((r + 1) * classes + k)..], s10, s11, biases[k], biases[k + 1]);
                Store(scores[((r + 2) * classes + k)..], s20, s21, biases[k], biases[k + 1]);
                Store(scores[((r + 3) * classes + k)..], s30, s31, biases[k], biases[k + 1]);
            }
        }
    }

    /// <summary>gradient[k, d] += Σ_r residuals[r, k] · block[r, d].</summary>
    /// <param name="block">rows × stride.</param>
    /// <param name="residuals">rows × classes.</param>
    /// <param name="stride">Floats in a row.</param>
    /// <param name="gradient">classes × stride, added to.</param>
    internal static void AddGradient(ReadOnlySpan<double> block, ReadOnlySpan<double> residuals, int stride, Span<double> gradient)
    {
        var (rows, classes) = (block.Length / stride, gradient.Length / stride);
        ref var firstRow = ref MemoryMarshal.GetReference(block);
        ref var firstResidual = ref MemoryMarshal.GetReference(residuals);
        var width = Vector<double>.Count;
        // Features outside, classes inside: the strip of four vectors a row stays in the first-level cache for every pair of classes.
        for (var d = 0; d < stride; d += 4 * width)
        {
            for (var k = 0; k < classes; k += ClassTile)
            {
                Vector<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
                ref var strip = ref Unsafe.Add(ref firstRow, d);
                ref var residual = ref Unsafe.Add(ref firstResidual, k);
                for (var r = 0; r < rows; r++)
                {
                    var (ra, rb) = (Vector.Create(residual), Vector.Create(Unsafe.Add(ref residual, 1)));
                    var x = Vector.LoadUnsafe(ref strip);
                    (a0, b0) = (Vector.FusedMultiplyAdd(x, ra, a0), Vector.FusedMultiplyAdd(x, rb, b0));
                    x = Vector.LoadUnsafe(ref strip, (nuint)width);
                    (a1, b1) = (Vector.FusedMultiplyAdd(x, ra, a1), Vector.FusedMultiplyAdd(x, rb, b1));
                    x = Vector.LoadUnsafe(ref strip, (nuint)(2 * width));
                    (a2, b2) = (Vector.FusedMultiplyAdd(x, ra, a2), Vector.FusedMultiplyAdd(x, rb, b2));
                    x = Vector.LoadUnsafe(ref strip, (nuint)(3 * width));
                    (a3, b3) = (Vector.FusedMultiplyAdd(x, ra, a3), Vector.FusedMultiplyAdd(x, rb, b3));
                    strip = ref Unsafe.Add(ref strip, stride);
                    residual = ref Unsafe.Add(ref residual, classes);
                }
                Add(gradient.Slice(k * stride + d, 4 * width), a0, a1, a2, a3);
                Add(gradient.Slice((k + 1) * stride + d, 4 * width), b0, b1, b2, b3);
            }
        }
    }

    private static void Store(Span<double> target, Vector<double> first, Vector<double> second, double firstBias, double secondBias)
    {
        target[1] = Vector.Sum(second) + secondBias;
        target[0] = Vector.Sum(first) + firstBias;
    }

    private static void Add(Span<double> target, Vector<double> v0, Vector<double> v1, Vector<double> v2, Vector<double> v3)
    {
        var width = Vector<double>.Count;
        Add(target, v0);
        Add(target[width..], v1);
        Add(target[(2 * width)..], v2);
        Add(target[(3 * width)..], v3);
    }

    private static void Add(Span<double> target, Vector<double> value) => (new Vector<double>(target) + value).CopyTo(target);
}
