using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>The linear maps of Winograd's minimal filtering F(4×4, 3×3): 16 outputs of a 3×3 kernel for 36 products instead of 144.</summary>
/// <remarks>
/// With ⊙ the product place by place, a tile of the output is <c>Y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ d B) ] A</c>, where d are the 6×6 inputs under the tile
/// and w is the kernel; summed over channels, each of the 36 places is a matrix product of its own. Turned round, the gradient of the weights is
/// <c>Gᵀ [ (Bᵀ d B) ⊙ (A dY Aᵀ) ] G</c>, summed over the tiles. The points are 0, ±1, ±2 and ∞, so that a sum of products in single precision
/// has about five times the rounding error of the plain one, a few millionths of the largest value. (Lavin and Gray, “Fast Algorithms for
/// Convolutional Neural Networks”, 2015, §4.3.) Every map takes whole vectors of channels and goes over columns first, then over rows.
/// </remarks>
public static unsafe class WinogradTransforms
{
    /// <summary>Side of a tile of the output.</summary>
    public const int Tile = 4;

    /// <summary>Side of the inputs under a tile.</summary>
    public const int Side = 6;

    /// <summary>Places of a transformed tile.</summary>
    public const int Places = Side * Side;

    private const int Lanes = 16;

    /// <summary>Floats of scratch for a row of so many tiles.</summary>
    public static int Scratch(int tiles) => Side * (Tile * tiles + 2) * Lanes;

    /// <summary><c>Bᵀ d B</c> of a row of tiles.</summary>
    /// <param name="inputs">The first input under the first tile.</param>
    /// <param name="rowStride">From a row of inputs to the next.</param>
    /// <param name="pitch">From an input to the next; of <paramref name="result"/> from a tile to the next.</param>
    /// <param name="tiles">How many tiles.</param>
    /// <param name="result">[place, tile, channel].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inputs(float* inputs, int rowStride, int pitch, int tiles, float* result, int placeStride, float* scratch)
    {
        var columns = Tile * tiles + 2;
        for (var channel = 0; channel < pitch; channel += Lanes)
        {
            for (var x = 0; x < columns; x++) InputLine(inputs + (long)x * pitch + channel, rowStride, scratch + x * Lanes, columns * Lanes);
            for (var tile = 0; tile < tiles; tile++)
            {
                for (var y = 0; y < Side; y++)
                {
                    InputLine(
                        scratch + (y * columns + tile * Tile) * Lanes, Lanes,
                        result + (long)tile * pitch + channel + (long)y * Side * placeStride, placeStride);
                }
            }
        }
    }

    /// <summary><c>A dY Aᵀ</c> of a row of tiles; parameters as of <see cref="Inputs"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(float* gradients, int rowStride, int pitch, int tiles, float* result, int placeStride, float* scratch)
    {
        var columns = Tile * tiles;
        for (var channel = 0; channel < pitch; channel += Lanes)
        {
            for (var x = 0; x < columns; x++) GradientLine(gradients + (long)x * pitch + channel, rowStride, scratch + x * Lanes, columns * Lanes);
            for (var tile = 0; tile < tiles; tile++)
            {
                for (var y = 0; y < Side; y++)
                {
                    GradientLine(
                        scratch + (y * columns + tile * Tile) * Lanes, Lanes,
                        result + (long)tile * pitch + channel + (long)y * Side * placeStride, placeStride);
                }
            }
        }
    }

    /// <summary><c>Aᵀ M A</c> of a row of tiles, with what follows a convolution.</summary>
    /// <param name="products">[place, tile, channel].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="pitch">From a tile to the next; of <paramref name="outputs"/> from a pixel to the next.</param>
    /// <param name="outputs">The first pixel of the first tile.</param>
    /// <param name="rowStride">From a row of pixels to the next.</param>
    /// <param name="height">Rows to write, at most those of a tile.</param>
    /// <param name="width">Pixels of a row to write; the last tile may be cut off.</param>
    /// <param name="bias">Added to every pixel; null for none.</param>
    /// <param name="hasRelu">Whether what is below zero becomes zero.</param>
    /// <param name="adds">Whether to add to what is there.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outputs(
        float* products, int placeStride, int pitch, float* outputs, int rowStride, int height, int width, float* bias, bool hasRelu, bool adds, float* scratch)
    {
        var least = hasRelu ? Vector512<float>.Zero : Vector512.Create(float.NegativeInfinity);
        for (var first = 0; first < width; first += Tile)
        {
            var from = products + (long)(first / Tile) * pitch;
            var count = Math.Min(Tile, width - first);
            for (var channel = 0; channel < pitch; channel += Lanes)
            {
                var offset = bias == null ? Vector512<float>.Zero : Vector512.Load(bias + channel);
                for (var x = 0; x < Side; x++)
                {
                    var (p0, p1, p2, p3) = OutputLine(from + channel + (long)x * placeStride, Side * placeStride);
                    p0.Store(scratch + x * Lanes);
                    p1.Store(scratch + (Side + x) * Lanes);
                    p2.Store(scratch + (2 * Side + x) * Lanes);
                    p3.Store(scratch + (3 * Side + x) * Lanes);
                }

                var to = outputs + (long)first * pitch + channel;
                for (var y = 0; y < height; y++, to += rowStride)
                {
                    var (p0, p1, p2, p3) = OutputLine(scratch + y * Side * Lanes, Lanes);
                    p0 += offset;
                    p1 += offset;
                    p2 += offset;
                    p3 += offset;
                    if (adds)
                    {
                        p0 += Vector512.Load(to);
                        if (count > 1) p1 += Vector512.Load(to + pitch);
                        if (count > 2) p2 += Vector512.Load(to + 2 * pitch);
                        if (count > 3) p3 += Vector512.Load(to + 3 * pitch);
                    }

                    Vector512.Max(p0, least).Store(to);
                    if (count > 1) Vector512.Max(p1, least).Store(to + pitch);
                    if (count > 2) Vector512.Max(p2, least).Store(to + 2 * pitch);
                    if (count > 3) Vector512.Max(p3, least).Store(to + 3 * pitch);
                }
            }
        }
    }

    /// <summary><c>G w Gᵀ</c> of one vector of kernels.</summary>
    /// <param name="weights">The vector of the kernel's first place.</param>
    /// <param name="stride">From a place of the kernel to the next; negative where the kernel is turned by 180° and its last place given.</param>
    /// <param name="result">[place, …].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>, for one tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(float* weights, long stride, float* result, int placeStride, float* scratch)
    {
        for (var x = 0; x < 3; x++) WeightLine(weights + x * stride, 3 * stride, scratch + x * Lanes, 3 * Lanes);
        for (var y = 0; y < Side; y++) WeightLine(scratch + y * 3 * Lanes, Lanes, result + (long)y * Side * placeStride, placeStride);
    }

    /// <summary><c>Gᵀ U G</c> of one vector of kernels: the way back of <see cref="Weights"/>, for the gradient.</summary>
    /// <param name="products">[place, …], summed over tiles.</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="gradient">The vector of the kernel's first place.</param>
    /// <param name="stride">From a place of the kernel to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>, for one tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightGradients(float* products, int placeStride, float* gradient, long stride, float* scratch)
    {
        for (var x = 0; x < Side; x++) WeightGradientLine(products + (long)x * placeStride, (long)Side * placeStride, scratch + x * Lanes, Side * Lanes);
        for (var y = 0; y < 3; y++) WeightGradientLine(scratch + y * Side * Lanes, Lanes, gradient + 3 * y * stride, stride);
    }

    // Bᵀ = [4 0 −5 0 1 0; 0 −4 −4 1 1 0; 0 4 −4 −1 1 0; 0 −2 −1 2 1 0; 0 2 −1 −2 1 0; 0 4 0 −5 0 1]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(float* from, long stride, float* to, long toStride)
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
    private static void GradientLine(float* from, long stride, float* to, long toStride)
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
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) OutputLine(float* from, long stride)
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
    private static void WeightLine(float* from, long stride, float* to, long toStride)
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
    private static void WeightGradientLine(float* from, long stride, float* to, long toStride)
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
