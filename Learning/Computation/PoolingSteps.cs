using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Max pooling that no convolution has taken in; windows may overlap.</summary>
internal sealed unsafe class MaxPoolingStep(int size, int stride, Tensor input, Tensor output) : SampleStep
{
    private readonly bool isTiled = size == stride && size <= MaximumOfWindows.LargestSide;
    private readonly AlignedFloats noBias = new(output.Values.Pitch);
    private byte[] places = [];
    private ushort[] winners = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Gradient, output.Gradient];

    private int LineLength => output.Shape.Width * output.Values.Pitch;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch)
    {
        var count = (long)largestBatch * output.Shape.Height * LineLength;
        if (isTiled) places = new byte[count];
        else winners = new ushort[count];
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        for (var y = 0; y < target.Height; y++)
        {
            var window = source.Of(sample, worker) + (long)y * stride * source.RowStride;
            var result = target.Of(sample, worker) + (long)y * target.RowStride;
            if (isTiled)
            {
                fixed (byte* place = &places[FirstOf(sample, y)])
                    MaximumOfWindows.Forward(window, source.RowStride, size, target.Width, target.Pitch, noBias.Pointer, hasRelu: false, result, place);
                continue;
            }

            for (var x = 0; x < target.Width; x++)
                ForwardWindow(window + x * stride * source.Pitch, result + x * target.Pitch, winners.AsSpan(FirstOf(sample, y) + x * target.Pitch, target.Pitch));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (input.Gradient is not { } target) return;
        var source = output.Gradient!;
        if (!AddsTo(input)) Elements.Clear(target.Of(sample, worker), target);
        for (var y = 0; y < output.Shape.Height; y++)
        {
            var gradient = source.Of(sample, worker) + (long)y * source.RowStride;
            var window = target.Of(sample, worker) + (long)y * stride * target.RowStride;
            if (isTiled && !AddsTo(input))
            {
                fixed (byte* place = &places[FirstOf(sample, y)])
                    MaximumOfWindows.Backward(gradient, output.Values.Of(sample, worker) + (long)y * output.Values.RowStride, place, size, source.Width, source.Pitch, hasRelu: false, window, target.RowStride);
                continue;
            }

            for (var i = 0; i < LineLength; i++)
            {
                var (x, c) = Math.DivRem(i, source.Pitch);
                var place = isTiled ? places[FirstOf(sample, y) + i] : winners[FirstOf(sample, y) + i];
                window[(long)(place / size) * target.RowStride + (x * stride + place % size) * target.Pitch + c] += gradient[i];
            }
        }
    }

    private void ForwardWindow(float* window, float* result, Span<ushort> winner)
    {
        var source = input.Values;
        new ReadOnlySpan<float>(window, winner.Length).CopyTo(new Span<float>(result, winner.Length));
        winner.Clear();
        for (var place = 1; place < size * size; place++)
        {
            var candidate = window + (long)(place / size) * source.RowStride + place % size * source.Pitch;
            for (var c = 0; c < winner.Length; c++)
            {
                if (candidate[c] > result[c]) (result[c], winner[c]) = (candidate[c], (ushort)place);
            }
        }
    }

    private int FirstOf(int sample, int y) => (sample * output.Shape.Height + y) * LineLength;
}

/// <summary>Average pooling; over the whole image too.</summary>
internal sealed unsafe class AveragePoolingStep(int height, int width, int stride, Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Gradient, output.Gradient];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var (rowStride, pitch) = (source.RowStride, source.Pitch);
        var share = Vector512.Create(1f / (height * width));
        for (var y = 0; y < target.Height; y++)
        {
            for (var x = 0; x < target.Width; x++)
            {
                var window = source.Of(sample, worker) + (long)y * stride * source.RowStride + x * stride * source.Pitch;
                var result = target.Of(sample, worker) + (long)y * target.RowStride + x * target.Pitch;
                for (var c = 0; c < target.Pitch; c += 16)
                {
                    var sum = Vector512<float>.Zero;
                    for (var row = 0; row < height; row++)
                    {
                        for (var column = 0; column < width; column++) sum += Vector512.Load(window + (long)row * rowStride + column * pitch + c);
                    }

                    (sum * share).Store(result + c);
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (input.Gradient is not { } target) return;
        var source = output.Gradient!;
        var (rowStride, pitch) = (target.RowStride, target.Pitch);
        var share = Vector512.Create(1f / (height * width));
        if (!AddsTo(input)) Elements.Clear(target.Of(sample, worker), target);
        for (var y = 0; y < output.Shape.Height; y++)
        {
            for (var x = 0; x < output.Shape.Width; x++)
            {
                var window = target.Of(sample, worker) + (long)y * stride * target.RowStride + x * stride * target.Pitch;
                var gradient = source.Of(sample, worker) + (long)y * source.RowStride + x * source.Pitch;
                for (var c = 0; c < source.Pitch; c += 16)
                {
                    var part = Vector512.Load(gradient + c) * share;
                    for (var row = 0; row < height; row++)
                    {
                        for (var column = 0; column < width; column++)
                        {
                            var to = window + (long)row * rowStride + column * pitch + c;
                            (Vector512.Load(to) + part).Store(to);
                        }
                    }
                }
            }
        }
    }
}
