using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>The linear maps of Winograd's minimal filtering in two dimensions: 16 outputs of a kernel of r × r taps for <c>(r + 3)²</c> products instead of 16·r².</summary>
/// <remarks>
/// With ⊙ the product place by place, a tile of the output is <c>Y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ d B) ] A</c>, where d are the inputs under the tile and w
/// is the kernel; summed over channels, each of the places is a matrix product of its own. Turned round, the gradient of the weights is
/// <c>Gᵀ [ (Bᵀ d B) ⊙ (A dY Aᵀ) ] G</c>, summed over the tiles. For 3×3 taps a sum of products in single precision has about five times
/// the rounding error of the plain one, a few millionths of the largest value. (Lavin and Gray, “Fast Algorithms for Convolutional Neural
/// Networks”, 2015.) Every map takes whole vectors of channels and goes over columns first, then over rows.
/// </remarks>
public abstract unsafe class WinogradTransforms
{
    /// <summary>Side of a tile of the output.</summary>
    public const int Tile = 4;

    private const int Lanes = 16;

    private WinogradTransforms(int taps) => Taps = taps;

    /// <summary>F(4×4, 3×3): 36 places.</summary>
    public static WinogradTransforms Of3x3 { get; } = new Transforms<ThreeTaps>();

    /// <summary>F(4×4, 2×2): 25 places.</summary>
    public static WinogradTransforms Of2x2 { get; } = new Transforms<TwoTaps>();

    /// <summary>Side of the kernel.</summary>
    public int Taps { get; }

    /// <summary>Side of the inputs under a tile, and of its places.</summary>
    public int Side => Taps + Tile - 1;

    /// <summary>Places of a transformed tile.</summary>
    public int Places => Side * Side;

    /// <summary>Floats of scratch for a row of so many tiles.</summary>
    public int Scratch(int tiles) => Side * (Tile * tiles + Taps - 1) * Lanes;

    /// <summary><c>Bᵀ d B</c> of a row of tiles.</summary>
    /// <param name="inputs">The first input under the first tile.</param>
    /// <param name="rowStride">From a row of inputs to the next.</param>
    /// <param name="pixelStride">From an input to the next.</param>
    /// <param name="channels">How many, whole vectors.</param>
    /// <param name="tiles">How many tiles.</param>
    /// <param name="result">[place, tile, channel].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="tileStride">From a tile to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    public abstract void Inputs(float* inputs, int rowStride, int pixelStride, int channels, int tiles, float* result, int placeStride, int tileStride, float* scratch);

    /// <summary><c>A dY Aᵀ</c> of a row of tiles; parameters as of <see cref="Inputs"/>.</summary>
    public abstract void Gradients(float* gradients, int rowStride, int pixelStride, int channels, int tiles, float* result, int placeStride, int tileStride, float* scratch);

    /// <summary><c>Aᵀ M A</c> of a row of tiles, with what follows a convolution.</summary>
    /// <param name="products">[place, tile, channel].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="tileStride">From a tile to the next.</param>
    /// <param name="channels">How many, whole vectors.</param>
    /// <param name="outputs">The first pixel of the first tile.</param>
    /// <param name="rowStride">From a row of pixels to the next.</param>
    /// <param name="pixelStride">From a pixel to the next.</param>
    /// <param name="height">Rows to write, at most those of a tile.</param>
    /// <param name="width">Pixels of a row to write; the last tile may be cut off.</param>
    /// <param name="bias">Added to every pixel; null for none.</param>
    /// <param name="hasRelu">Whether what is below zero becomes zero.</param>
    /// <param name="adds">Whether to add to what is there.</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    public abstract void Outputs(
        float* products, int placeStride, int tileStride, int channels, float* outputs, int rowStride, int pixelStride, int height, int width,
        float* bias, bool hasRelu, bool adds, float* scratch);

    /// <summary><c>G w Gᵀ</c> of one vector of kernels.</summary>
    /// <param name="weights">The vector of the kernel's first place.</param>
    /// <param name="stride">From a place of the kernel to the next.</param>
    /// <param name="result">[place, …].</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>, for one tile.</param>
    public abstract void Weights(float* weights, long stride, float* result, int placeStride, float* scratch);

    /// <summary><c>Gᵀ U G</c> of one vector of kernels: the way back of <see cref="Weights"/>, for the gradient.</summary>
    /// <param name="products">[place, …], summed over tiles.</param>
    /// <param name="placeStride">From a place to the next.</param>
    /// <param name="gradient">The vector of the kernel's first place.</param>
    /// <param name="stride">From a place of the kernel to the next.</param>
    /// <param name="scratch">See <see cref="Scratch"/>, for one tile.</param>
    public abstract void WeightGradients(float* products, int placeStride, float* gradient, long stride, float* scratch);

    // The JIT compiles this anew for each filter, with its lines inlined.
    private sealed class Transforms<TFilter>() : WinogradTransforms(TFilter.Taps)
        where TFilter : struct, IMinimalFilter
    {
        private static int Sides => TFilter.Taps + Tile - 1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Inputs(float* inputs, int rowStride, int pixelStride, int channels, int tiles, float* result, int placeStride, int tileStride, float* scratch)
        {
            var columns = Tile * tiles + TFilter.Taps - 1;
            for (var channel = 0; channel < channels; channel += Lanes)
            {
                for (var x = 0; x < columns; x++) TFilter.Input(inputs + (long)x * pixelStride + channel, rowStride, scratch + x * Lanes, columns * Lanes);
                for (var tile = 0; tile < tiles; tile++)
                {
                    for (var y = 0; y < Sides; y++)
                    {
                        TFilter.Input(
                            scratch + (y * columns + tile * Tile) * Lanes, Lanes,
                            result + (long)tile * tileStride + channel + (long)y * Sides * placeStride, placeStride);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Gradients(float* gradients, int rowStride, int pixelStride, int channels, int tiles, float* result, int placeStride, int tileStride, float* scratch)
        {
            var columns = Tile * tiles;
            for (var channel = 0; channel < channels; channel += Lanes)
            {
                for (var x = 0; x < columns; x++) TFilter.Gradient(gradients + (long)x * pixelStride + channel, rowStride, scratch + x * Lanes, columns * Lanes);
                for (var tile = 0; tile < tiles; tile++)
                {
                    for (var y = 0; y < Sides; y++)
                    {
                        TFilter.Gradient(
                            scratch + (y * columns + tile * Tile) * Lanes, Lanes,
                            result + (long)tile * tileStride + channel + (long)y * Sides * placeStride, placeStride);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Outputs(
            float* products, int placeStride, int tileStride, int channels, float* outputs, int rowStride, int pixelStride, int height, int width,
            float* bias, bool hasRelu, bool adds, float* scratch)
        {
            var least = hasRelu ? Vector512<float>.Zero : Vector512.Create(float.NegativeInfinity);
            for (var first = 0; first < width; first += Tile)
            {
                var from = products + (long)(first / Tile) * tileStride;
                var count = Math.Min(Tile, width - first);
                for (var channel = 0; channel < channels; channel += Lanes)
                {
                    var offset = bias == null ? Vector512<float>.Zero : Vector512.Load(bias + channel);
                    for (var x = 0; x < Sides; x++)
                    {
                        var (p0, p1, p2, p3) = TFilter.Output(from + channel + (long)x * placeStride, Sides * placeStride);
                        p0.Store(scratch + x * Lanes);
                        p1.Store(scratch + (Sides + x) * Lanes);
                        p2.Store(scratch + (2 * Sides + x) * Lanes);
                        p3.Store(scratch + (3 * Sides + x) * Lanes);
                    }

                    var to = outputs + (long)first * pixelStride + channel;
                    for (var y = 0; y < height; y++, to += rowStride)
                    {
                        var (p0, p1, p2, p3) = TFilter.Output(scratch + y * Sides * Lanes, Lanes);
                        p0 += offset;
                        p1 += offset;
                        p2 += offset;
                        p3 += offset;
                        if (adds)
                        {
                            p0 += Vector512.Load(to);
                            if (count > 1) p1 += Vector512.Load(to + pixelStride);
                            if (count > 2) p2 += Vector512.Load(to + 2 * pixelStride);
                            if (count > 3) p3 += Vector512.Load(to + 3 * pixelStride);
                        }

                        Vector512.Max(p0, least).Store(to);
                        if (count > 1) Vector512.Max(p1, least).Store(to + pixelStride);
                        if (count > 2) Vector512.Max(p2, least).Store(to + 2 * pixelStride);
                        if (count > 3) Vector512.Max(p3, least).Store(to + 3 * pixelStride);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Weights(float* weights, long stride, float* result, int placeStride, float* scratch)
        {
            for (var x = 0; x < TFilter.Taps; x++) TFilter.Weight(weights + x * stride, TFilter.Taps * stride, scratch + x * Lanes, TFilter.Taps * Lanes);
            for (var y = 0; y < Sides; y++) TFilter.Weight(scratch + y * TFilter.Taps * Lanes, Lanes, result + (long)y * Sides * placeStride, placeStride);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void WeightGradients(float* products, int placeStride, float* gradient, long stride, float* scratch)
        {
            for (var x = 0; x < Sides; x++) TFilter.WeightGradient(products + (long)x * placeStride, (long)Sides * placeStride, scratch + x * Lanes, Sides * Lanes);
            for (var y = 0; y < TFilter.Taps; y++) TFilter.WeightGradient(scratch + y * Sides * Lanes, Lanes, gradient + y * TFilter.Taps * stride, stride);
        }
    }
}
