using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>A convolution in which every channel has a kernel of its own: nothing is summed over channels, so they lie side by side in vectors.</summary>
internal sealed unsafe class DepthwiseStep : SampleStep
{
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly Parameters parameters;
    private readonly LayerShape layer;
    private readonly int kernel;
    private readonly int stride;
    private readonly int padding;
    private readonly int pitch;
    private AlignedFloats? weights;
    private AlignedFloats? slots;

    public DepthwiseStep(LayerShape layer, Tensor input, Tensor output, Parameters parameters)
    {
        (this.layer, this.input, this.output, this.parameters) = (layer, input, output, parameters);
        var definition = (Convolution)layer.Definition;
        (kernel, stride, padding) = (definition.Kernel, definition.Stride, definition.Padding.For(definition.Kernel));
        pitch = Parameters.Pitch(layer.Output.Channels);
        input.Values.NeedBorder(padding);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    // The kernel's places, then the bias.
    private int Rows => kernel * kernel + 1;

    private bool HasBias => layer.Weights.Count > 1;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch)
    {
        weights = new AlignedFloats((long)Rows * pitch);
        slots = new AlignedFloats((long)Slots.Count(largestBatch) * Rows * pitch);
    }

    /// <inheritdoc/>
    public override void Prepare(Pass pass, ThreadTeam team)
    {
        var channels = layer.Output.Channels;
        for (var row = 0; row < Rows; row++)
        {
            if (row == Rows - 1 && !HasBias) continue;
            var source = row < Rows - 1 ? parameters.Weights(layer.Weights[0]) + row * channels : parameters.Weights(layer.Weights[1]);
            new ReadOnlySpan<float>(source, channels).CopyTo(new Span<float>(weights!.Pointer + row * pitch, channels));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var sourceRow = source.RowStride;
        for (var y = 0; y < target.Height; y++)
        {
            for (var x = 0; x < target.Width; x++)
            {
                var window = WindowOf(source, sample, worker, y, x);
                var result = target.Of(sample, worker) + (long)y * target.RowStride + x * pitch;
                for (var c = 0; c < pitch; c += 16)
                {
                    var sum = Vector512.Load(weights!.Pointer + (Rows - 1) * pitch + c);
                    for (var ky = 0; ky < kernel; ky++)
                    {
                        for (var kx = 0; kx < kernel; kx++)
                        {
                            sum = Vector512.MultiplyAddEstimate(
                                Vector512.Load(window + (long)ky * sourceRow + kx * pitch + c), Vector512.Load(weights.Pointer + (ky * kernel + kx) * pitch + c), sum);
                        }
                    }

                    sum.Store(result + c);
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        var (source, gradient, target) = (input.Values, output.Gradient!, input.Gradient);
        var sourceRow = source.RowStride;
        var sums = slots!.Pointer + (long)slot * Rows * pitch;
        if (sample == Slots.First(slot, pass.Samples)) new Span<float>(sums, Rows * pitch).Clear();
        if (target is not null && !AddsTo(input)) Elements.Clear(target.Of(sample, worker), target);
        for (var y = 0; y < gradient.Height; y++)
        {
            for (var x = 0; x < gradient.Width; x++)
            {
                var window = WindowOf(source, sample, worker, y, x);
                var from = gradient.Of(sample, worker) + (long)y * gradient.RowStride + x * pitch;
                var to = target is null ? null : WindowOf(target, sample, worker, y, x);
                var (top, left) = (y * stride - padding, x * stride - padding);
                for (var c = 0; c < pitch; c += 16)
                {
                    var g = Vector512.Load(from + c);
                    for (var place = 0; place < Rows - 1; place++)
                    {
                        var (ky, kx) = (place / kernel, place % kernel);
                        var sum = sums + place * pitch + c;
                        Vector512.MultiplyAddEstimate(g, Vector512.Load(window + (long)ky * sourceRow + kx * pitch + c), Vector512.Load(sum)).Store(sum);
                        // The gradient's border stays zero: the convolution before reads it.
                        if (to == null || (uint)(top + ky) >= (uint)source.Height || (uint)(left + kx) >= (uint)source.Width) continue;
                        var part = to + (long)ky * target!.RowStride + kx * pitch + c;
                        Vector512.MultiplyAddEstimate(g, Vector512.Load(weights!.Pointer + place * pitch + c), Vector512.Load(part)).Store(part);
                    }

                    (Vector512.Load(sums + (Rows - 1) * pitch + c) + g).Store(sums + (Rows - 1) * pitch + c);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void FinishBackward(Pass pass, ThreadTeam team)
    {
        var channels = layer.Output.Channels;
        for (var slot = 1; slot < Slots.Count(pass.Samples); slot++)
        {
            var sums = new Span<float>(slots!.Pointer, Rows * pitch);
            System.Numerics.Tensors.TensorPrimitives.Add(sums, new ReadOnlySpan<float>(slots.Pointer + (long)slot * Rows * pitch, Rows * pitch), sums);
        }

        for (var row = 0; row < Rows; row++)
        {
            if (row == Rows - 1 && !HasBias) continue;
            var target = row < Rows - 1 ? parameters.Gradients(layer.Weights[0]) + row * channels : parameters.Gradients(layer.Weights[1]);
            new ReadOnlySpan<float>(slots!.Pointer + row * pitch, channels).CopyTo(new Span<float>(target, channels));
        }
    }

    private float* WindowOf(FeatureMap map, int sample, int worker, int y, int x) =>
        map.Of(sample, worker) + (long)(y * stride - padding) * map.RowStride + (x * stride - padding) * pitch;
}
