using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Images;

/// <summary>Resizes the window of an image that a placement asks for, row by row, as planes of floats from 0 to 255.</summary>
/// <remarks>
/// Separable: each source row that is needed is resized along x once and kept while rows of the result still need it; these are then
/// combined along y. Pillow's order of passes and its clamping to 0..255 after each, but nothing is rounded, so that a value lies within
/// 1 of Pillow's. Where there is opacity, the planes are the colours times opacity (0 to 1), and the opacity (0 to 255).
/// </remarks>
internal ref struct ImageResampler
{
    private readonly ReadOnlySpan<byte> pixels;
    private readonly int stride, step, channels, width;
    private readonly bool reversed, overshoots;
    private readonly ResampleWeights across, down;
    private readonly float[] scratch;
    private readonly Span<float> source, ring;
    private int nextSourceRow;

    /// <summary>Rents scratch memory; <see cref="Dispose"/> gives it back.</summary>
    /// <param name="image">What to resize.</param>
    /// <param name="placement">The window.</param>
    /// <param name="filter">What to sample with.</param>
    /// <param name="reversed">True: the planes are blue, green, red.</param>
    public ImageResampler(PixelView image, in ImagePlacement placement, Interpolation filter, bool reversed)
    {
        pixels = image.Bytes;
        channels = image.Channels;
        step = image.Step;
        stride = image.Width * step;
        width = placement.Width;
        this.reversed = reversed;
        overshoots = filter is Interpolation.Bicubic or Interpolation.Lanczos3;
        across = ResampleWeights.For(image.Width, placement.ResizedWidth, placement.CropX, placement.Width, filter);
        down = ResampleWeights.For(image.Height, placement.ResizedHeight, placement.CropY, placement.Height, filter);

        // One more float than the row: three colours are loaded four at a time.
        scratch = ArrayPool<float>.Shared.Rent(stride + 1 + (down.Taps * channels * width));
        source = scratch.AsSpan(0, stride + 1);
        ring = scratch.AsSpan(stride + 1, down.Taps * channels * width);
        source[stride] = 0;
        nextSourceRow = 0;
    }

    /// <summary>Computes one row of the window; rows must be asked for in order.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="planes">Receives channels × width numbers, plane after plane.</param>
    public void Row(int row, Span<float> planes)
    {
        var first = down.Starts[row];
        nextSourceRow = Math.Max(nextSourceRow, first);
        while (nextSourceRow < first + down.Taps)
        {
            ResizeAcross(nextSourceRow, RingRow(nextSourceRow));
            nextSourceRow++;
        }

        var weights = down.Of(row);
        TensorPrimitives.Multiply(RingRow(first), weights[0], planes);
        for (var tap = 1; tap < weights.Length; tap++)
            TensorPrimitives.MultiplyAdd(RingRow(first + tap), weights[tap], planes, planes);
        if (overshoots)
            TensorPrimitives.Clamp<float>(planes, 0, 255, planes);
    }

    /// <summary>Gives the scratch memory back.</summary>
    public readonly void Dispose() => ArrayPool<float>.Shared.Return(scratch);

    private readonly Span<float> RingRow(int sourceRow) => ring.Slice(sourceRow % down.Taps * channels * width, channels * width);

    private readonly void ResizeAcross(int sourceRow, Span<float> planes)
    {
        TensorPrimitives.ConvertTruncating(pixels.Slice(sourceRow * stride, stride), source[..stride]);
        if (channels == 4)
            WeightByOpacity(source[..stride]);
        if (channels == 1)
            ResizeGrey(planes);
        else
            ResizeColors(planes);
        if (overshoots)
            TensorPrimitives.Clamp<float>(planes, 0, 255, planes);
    }

    private static void WeightByOpacity(Span<float> row)
    {
        for (var i = 0; i < row.Length; i += 4)
        {
            var opacity = row[i + 3] / 255;
            row[i] *= opacity;
            row[i + 1] *= opacity;
            row[i + 2] *= opacity;
        }
    }

    private readonly void ResizeGrey(Span<float> plane)
    {
        for (var x = 0; x < plane.Length; x++)
        {
            var weights = across.Of(x);
            plane[x] = TensorPrimitives.Dot(source.Slice(across.Starts[x], weights.Length), weights);
        }
    }

    private readonly void ResizeColors(Span<float> planes)
    {
        var red = planes.Slice(reversed ? 2 * width : 0, width);
        var green = planes.Slice(width, width);
        var blue = planes.Slice(reversed ? 0 : 2 * width, width);
        var opacity = channels == 4 ? planes.Slice(3 * width, width) : default;
        for (var x = 0; x < width; x++)
        {
            var weights = across.Of(x);

            // The slice is the check: pixels of three or four floats, and the one float more that the last load of three takes along.
            ref var pixel = ref MemoryMarshal.GetReference(source.Slice(across.Starts[x] * step, (weights.Length * step) + 4 - step));
            var color = Vector128<float>.Zero;
            for (var tap = 0; tap < weights.Length; tap++)
                color = Vector128.MultiplyAddEstimate(Vector128.LoadUnsafe(ref pixel, (nuint)(tap * step)), Vector128.Create(weights[tap]), color);

            red[x] = color.GetElement(0);
            green[x] = color.GetElement(1);
            blue[x] = color.GetElement(2);
            if (channels == 4)
                opacity[x] = color.GetElement(3);
        }
    }
}
