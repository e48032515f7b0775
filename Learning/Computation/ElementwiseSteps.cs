using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>A ReLU that no other step has taken in, in place or from one tensor to another.</summary>
internal sealed unsafe class ReluStep(Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [output.Values, input.Gradient, output.Gradient];

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var count = source.Width * source.Pitch;
        for (var y = 0; y < source.Height; y++)
        {
            System.Numerics.Tensors.TensorPrimitives.Max(
                new ReadOnlySpan<float>(source.Of(sample, worker) + (long)y * source.RowStride, count), 0f,
                new Span<float>(target.Of(sample, worker) + (long)y * target.RowStride, count));
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (output.Gradient is not { } gradient) return;
        Elements.Mask(gradient.Of(sample, worker), gradient, output.Values.Of(sample, worker), output.Values);
        if (input == output || input.Gradient is not { } target) return;
        Elements.Transfer(gradient.Of(sample, worker), gradient, target.Of(sample, worker), target, AddsTo(input));
    }
}

/// <summary>Dropout, in place or from one tensor to another. What is dropped follows from the pass, the layer, the sample and the element.</summary>
internal sealed unsafe class DropoutStep(float rate, int layer, Tensor input, Tensor output) : SampleStep
{
    private readonly uint threshold = (uint)(rate * 4294967296.0);
    private readonly float scale = 1 / (1 - rate);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Gradient, output.Gradient];

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        if (pass.IsTraining) Drop(pass, sample, input.Values.Of(sample, worker), input.Values, output.Values.Of(sample, worker), output.Values, adds: false);
        else if (input != output) Elements.Transfer(input.Values.Of(sample, worker), input.Values, output.Values.Of(sample, worker), output.Values, adds: false);
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (output.Gradient is not { } gradient || input.Gradient is not { } target) return;
        Drop(pass, sample, gradient.Of(sample, worker), gradient, target.Of(sample, worker), target, input != output && AddsTo(input));
    }

    /// <summary>The bits of an element are its number through the mixing of MurmurHash3 (Appleby 2011), keyed by pass, layer and sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Drop(Pass pass, int sample, float* from, FeatureMap source, float* to, FeatureMap target, bool adds)
    {
        var key = SeededRandom.Key(pass.Noise, (ulong)layer, (ulong)sample);
        var (low, high) = (Vector512.Create((uint)key), Vector512.Create((uint)(key >> 32)));
        var limit = Vector512.Create(threshold);
        var factor = Vector512.Create(scale);
        var count = source.Width * source.Pitch;
        var index = Vector512<uint>.Indices;
        for (var y = 0; y < source.Height; y++)
        {
            var f = from + (long)y * source.RowStride;
            var t = to + (long)y * target.RowStride;
            for (var i = 0; i < count; i += 16)
            {
                var bits = (index * 0x9E3779B9u) ^ low;
                bits ^= bits >>> 16;
                bits *= 0x85EBCA6Bu;
                bits ^= (bits >>> 13) ^ high;
                bits *= 0xC2B2AE35u;
                bits ^= bits >>> 16;
                var stays = Vector512.GreaterThanOrEqual(bits, limit).AsSingle();
                var value = Vector512.ConditionalSelect(stays, Vector512.Load(f + i) * factor, Vector512<float>.Zero);
                if (adds) value += Vector512.Load(t + i);
                value.Store(t + i);
                index += Vector512.Create(16u);
            }
        }
    }
}

/// <summary>The sum of two branches, with the ReLU after it if there is one.</summary>
/// <remarks>The gradient of the first branch is the gradient of the sum itself: they share a map.</remarks>
internal sealed unsafe class AddStep(Tensor first, Tensor second, Tensor output, bool hasRelu) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [first, second];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [output.Values, first.Gradient, second.Gradient, output.Gradient];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (left, right, sum) = (first.Values, second.Values, output.Values);
        var least = hasRelu ? Vector512<float>.Zero : Vector512.Create(float.NegativeInfinity);
        var count = sum.Width * sum.Pitch;
        for (var y = 0; y < sum.Height; y++)
        {
            var a = left.Of(sample, worker) + (long)y * left.RowStride;
            var b = right.Of(sample, worker) + (long)y * right.RowStride;
            var to = sum.Of(sample, worker) + (long)y * sum.RowStride;
            for (var i = 0; i < count; i += 16) Vector512.Max(Vector512.Load(a + i) + Vector512.Load(b + i), least).Store(to + i);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (output.Gradient is not { } gradient) return;
        if (hasRelu) Elements.Mask(gradient.Of(sample, worker), gradient, output.Values.Of(sample, worker), output.Values);
        if (first.Gradient is { } left && left != gradient) Elements.Transfer(gradient.Of(sample, worker), gradient, left.Of(sample, worker), left, AddsTo(first));
        if (second.Gradient is { } right) Elements.Transfer(gradient.Of(sample, worker), gradient, right.Of(sample, worker), right, AddsTo(second));
    }
}

/// <summary>Takes the padding out from between pixels, so that a dense layer finds one vector.</summary>
internal sealed unsafe class FlattenStep(Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Gradient, output.Gradient];

    /// <inheritdoc/>
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (map, shape) = (input.Values, input.Shape);
        var to = output.Values.Of(sample, worker);
        for (var pixel = 0; pixel < shape.Height * shape.Width; pixel++)
            new ReadOnlySpan<float>(PixelOf(map, pixel, sample, worker), shape.Channels).CopyTo(new Span<float>(to + (long)pixel * shape.Channels, shape.Channels));
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (input.Gradient is not { } map) return;
        var shape = input.Shape;
        var from = output.Gradient!.Of(sample, worker);
        for (var pixel = 0; pixel < shape.Height * shape.Width; pixel++)
        {
            var source = new ReadOnlySpan<float>(from + (long)pixel * shape.Channels, shape.Channels);
            var target = new Span<float>(PixelOf(map, pixel, sample, worker), shape.Channels);
            if (AddsTo(input)) System.Numerics.Tensors.TensorPrimitives.Add(target, source, target);
            else source.CopyTo(target);
        }
    }

    private static float* PixelOf(FeatureMap map, int pixel, int sample, int worker) =>
        map.Of(sample, worker) + (long)(pixel / map.Width) * map.RowStride + pixel % map.Width * map.Pitch;
}
