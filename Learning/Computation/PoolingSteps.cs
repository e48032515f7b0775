using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Max pooling that no convolution has taken in: windows may overlap.</summary>
internal sealed unsafe class MaxPoolingStep(int size, int stride, Tensor input, Tensor output) : SampleStep
{
    private ushort[] winners = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch) =>
        winners = new ushort[(long)largestBatch * output.Shape.Height * output.Shape.Width * output.Values.Pitch];

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var pitch = target.Pitch;
        for (var y = 0; y < target.Shape.Height; y++)
        {
            for (var x = 0; x < target.Shape.Width; x++)
            {
                var window = source.Of(sample, worker) + (long)y * stride * source.RowStride + x * stride * source.Pitch;
                var result = target.Of(sample, worker) + (long)y * target.RowStride + x * pitch;
                var places = WinnersOf(sample, y, x);
                new ReadOnlySpan<float>(window, pitch).CopyTo(new Span<float>(result, pitch));
                places.Clear();
                for (var place = 1; place < size * size; place++)
                {
                    var candidate = window + (long)(place / size) * source.RowStride + place % size * source.Pitch;
                    for (var c = 0; c < pitch; c++)
                    {
                        if (candidate[c] > result[c]) (result[c], places[c]) = (candidate[c], (ushort)place);
                    }
                }
            }
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
            for (var x = 0; x < output.Shape.Width; x++)
            {
                var window = target.Of(sample, worker) + (long)y * stride * target.RowStride + x * stride * target.Pitch;
                var gradient = source.Of(sample, worker) + (long)y * source.RowStride + x * source.Pitch;
                var places = WinnersOf(sample, y, x);
                for (var c = 0; c < source.Shape.Channels; c++) window[(long)(places[c] / size) * target.RowStride + places[c] % size * target.Pitch + c] += gradient[c];
            }
        }
    }

    private Span<ushort> WinnersOf(int sample, int y, int x)
    {
        var pitch = output.Values.Pitch;
        return winners.AsSpan(((sample * output.Shape.Height + y) * output.Shape.Width + x) * pitch, pitch);
    }
}

/// <summary>Average pooling; over the whole image too.</summary>
internal sealed unsafe class AveragePoolingStep(int height, int width, int stride, Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var share = Vector256.Create(1f / (height * width));
        for (var y = 0; y < target.Shape.Height; y++)
        {
            for (var x = 0; x < target.Shape.Width; x++)
            {
                var window = source.Of(sample, worker) + (long)y * stride * source.RowStride + x * stride * source.Pitch;
                var result = target.Of(sample, worker) + (long)y * target.RowStride + x * target.Pitch;
                for (var c = 0; c < target.Pitch; c += 8)
                {
                    var sum = Vector256<float>.Zero;
                    for (var row = 0; row < height; row++)
                    {
                        for (var column = 0; column < width; column++) sum += Vector256.Load(window + (long)row * source.RowStride + column * source.Pitch + c);
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
        var share = Vector256.Create(1f / (height * width));
        if (!AddsTo(input)) Elements.Clear(target.Of(sample, worker), target);
        for (var y = 0; y < output.Shape.Height; y++)
        {
            for (var x = 0; x < output.Shape.Width; x++)
            {
                var window = target.Of(sample, worker) + (long)y * stride * target.RowStride + x * stride * target.Pitch;
                var gradient = source.Of(sample, worker) + (long)y * source.RowStride + x * source.Pitch;
                for (var c = 0; c < source.Pitch; c += 8)
                {
                    var part = Vector256.Load(gradient + c) * share;
                    for (var row = 0; row < height; row++)
                    {
                        for (var column = 0; column < width; column++)
                        {
                            var to = window + (long)row * target.RowStride + column * target.Pitch + c;
                            (Vector256.Load(to) + part).Store(to);
                        }
                    }
                }
            }
        }
    }
}
