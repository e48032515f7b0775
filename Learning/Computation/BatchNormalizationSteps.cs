using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>What the two halves of a batch normalisation share.</summary>
internal sealed unsafe class BatchMoments(LayerShape layer, bool hasRelu, Parameters parameters)
{
    private readonly int pitch = Parameters.Pitch(layer.Input.Channels);

    /// <summary>How many channels.</summary>
    public int Channels { get; } = layer.Input.Channels;

    /// <summary>Pixels of a sample.</summary>
    public int Pixels { get; } = layer.Input.Height * layer.Input.Width;

    /// <summary>Whether a ReLU follows the normalisation. Backward, its mask is computed anew from the input, which is read anyway.</summary>
    public bool HasRelu { get; } = hasRelu;

    /// <summary>Per channel <c>γ / √(variance + ε)</c>.</summary>
    public AlignedFloats Slope { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>Per channel <c>β − mean · slope</c>.</summary>
    public AlignedFloats Offset { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>Per channel the mean of the batch.</summary>
    public AlignedFloats Mean { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>Per channel <c>1 / √(variance + ε)</c>.</summary>
    public AlignedFloats InverseDeviation { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>Per channel what the gradient of the input is made of: <c>slope · dy + (x − mean) · tilt + shift</c>; the shift, <c>−slope · mean(dy)</c>.</summary>
    public AlignedFloats GradientShift { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>And the tilt, <c>−slope · mean(dy · x̂) / √(variance + ε)</c>.</summary>
    public AlignedFloats GradientTilt { get; } = new(Parameters.Pitch(layer.Input.Channels));

    /// <summary>Per slot and channel two sums in double.</summary>
    public double[] Sums { get; private set; } = [];

    /// <summary>Reserves the slots.</summary>
    public void Build(int largestBatch) => Sums = new double[Slots.Count(largestBatch) * 2 * pitch];

    /// <summary>The sums of a slot: all first ones, then all second ones; emptied for the slot's first sample.</summary>
    public Span<double> SumsOf(int slot, bool isFirst)
    {
        var sums = Sums.AsSpan(slot * 2 * pitch, 2 * pitch);
        if (isFirst) sums.Clear();
        return sums;
    }

    /// <summary>Adds the slots up, in order.</summary>
    public (double First, double Second) Total(int channel, int samples)
    {
        var (first, second) = (0.0, 0.0);
        for (var slot = 0; slot < Slots.Count(samples); slot++)
        {
            first += Sums[slot * 2 * pitch + channel];
            second += Sums[(slot * 2 + 1) * pitch + channel];
        }

        return (first, second);
    }

    /// <summary>Takes mean and variance of each channel from what was summed, and moves the running ones.</summary>
    public void UseBatch(int samples)
    {
        var definition = (BatchNormalization)layer.Definition;
        var count = (double)samples * Pixels;
        for (var channel = 0; channel < Channels; channel++)
        {
            var (sum, squares) = Total(channel, samples);
            var mean = sum / count;
            var variance = Math.Max(0, squares / count - mean * mean);
            Set(channel, mean, variance);
            ref var runningMean = ref parameters.State(layer.State[0])[channel];
            ref var runningVariance = ref parameters.State(layer.State[1])[channel];
            var unbiased = count > 1 ? variance * count / (count - 1) : variance;
            runningMean = (float)(definition.Momentum * runningMean + (1 - definition.Momentum) * mean);
            runningVariance = (float)(definition.Momentum * runningVariance + (1 - definition.Momentum) * unbiased);
        }
    }

    /// <summary>Takes the running mean and variance.</summary>
    public void UseRunning()
    {
        for (var channel = 0; channel < Channels; channel++) Set(channel, parameters.State(layer.State[0])[channel], parameters.State(layer.State[1])[channel]);
    }

    /// <summary>From Σ dy and Σ dy · x̂: the gradients of scale and shift, and what the input's gradient needs.</summary>
    public void UseGradients(int samples)
    {
        var count = (double)samples * Pixels;
        for (var channel = 0; channel < Channels; channel++)
        {
            var (sum, projection) = Total(channel, samples);
            parameters.Gradients(layer.Weights[0])[channel] = (float)projection;
            parameters.Gradients(layer.Weights[1])[channel] = (float)sum;
            var slope = (double)Slope.Pointer[channel];
            GradientShift.Pointer[channel] = (float)(-slope * sum / count);
            GradientTilt.Pointer[channel] = (float)(-slope * projection / count * InverseDeviation.Pointer[channel]);
        }
    }

    private void Set(int channel, double mean, double variance)
    {
        var inverse = 1 / Math.Sqrt(variance + ((BatchNormalization)layer.Definition).Epsilon);
        var slope = parameters.Weights(layer.Weights[0])[channel] * inverse;
        Mean.Pointer[channel] = (float)mean;
        InverseDeviation.Pointer[channel] = (float)inverse;
        Slope.Pointer[channel] = (float)slope;
        Offset.Pointer[channel] = (float)(parameters.Weights(layer.Weights[1])[channel] - mean * slope);
    }
}

/// <summary>The half of a batch normalisation that measures the batch: forward it sums, backward it makes the gradient of the input.</summary>
/// <remarks><c>dx = γ / √(variance + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂))</c> (Ioffe and Szegedy 2015).</remarks>
internal sealed unsafe class MeasureStep(BatchMoments moments, Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override bool EndsForward => true;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedForward => [input.Values];

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Values, input.Gradient, output.Gradient];

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch) => moments.Build(largestBatch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        if (!pass.IsTraining) return;
        var map = input.Values;
        var (height, width, pitch, rowStride) = (map.Height, map.Width, map.Pitch, map.RowStride);
        var sums = moments.SumsOf(slot, sample == Slots.First(slot, pass.Samples));
        for (var c = 0; c < pitch; c += 16)
        {
            var line = map.Of(sample, worker) + c;
            for (var y = 0; y < height; y++, line += rowStride)
            {
                // A line is summed in single precision, lines in double.
                Vector512<float> sum = Vector512<float>.Zero, squares = sum;
                var pixel = line;
                for (var x = 0; x < width; x++, pixel += pitch)
                {
                    var value = Vector512.Load(pixel);
                    sum += value;
                    squares = Vector512.MultiplyAddEstimate(value, value, squares);
                }

                AddTo(sums[c..], sum);
                AddTo(sums[(pitch + c)..], squares);
            }
        }
    }

    /// <inheritdoc/>
    public override void FinishForward(Pass pass, ThreadTeam team)
    {
        if (pass.IsTraining) moments.UseBatch(pass.Samples);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        if (input.Gradient is not { } target) return;
        var (adds, hasRelu) = (AddsTo(input), moments.HasRelu);
        var (source, map) = (output.Gradient!, input.Values);
        var (height, width, pitch) = (map.Height, map.Width, map.Pitch);
        var (dyRow, valueRow, dxRow) = (source.RowStride, map.RowStride, target.RowStride);
        float* slopes = moments.Slope.Pointer, offsets = moments.Offset.Pointer, means = moments.Mean.Pointer;
        float* shifts = moments.GradientShift.Pointer, tilts = moments.GradientTilt.Pointer;
        for (var y = 0; y < height; y++)
        {
            var dy = source.Of(sample, worker) + (long)y * dyRow;
            var values = map.Of(sample, worker) + (long)y * valueRow;
            var dx = target.Of(sample, worker) + (long)y * dxRow;
            for (var x = 0; x < width; x++, dy += pitch, values += pitch, dx += pitch)
            {
                for (var c = 0; c < pitch; c += 16)
                {
                    var (gradient, value, slope) = (Vector512.Load(dy + c), Vector512.Load(values + c), Vector512.Load(slopes + c));
                    if (hasRelu) gradient = MaskedBy(Vector512.MultiplyAddEstimate(value, slope, Vector512.Load(offsets + c)), gradient);
                    var rest = Vector512.MultiplyAddEstimate(value - Vector512.Load(means + c), Vector512.Load(tilts + c), Vector512.Load(shifts + c));
                    gradient = Vector512.MultiplyAddEstimate(gradient, slope, rest);
                    if (adds) gradient += Vector512.Load(dx + c);
                    gradient.Store(dx + c);
                }
            }
        }
    }

    /// <summary>A gradient, or zero where the value before the ReLU was not above zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> MaskedBy(Vector512<float> value, Vector512<float> gradient) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<float>.Zero), gradient, Vector512<float>.Zero);

    internal static void AddTo(Span<double> sums, Vector512<float> values)
    {
        var (lower, upper) = Vector512.Widen(values);
        (Vector512.Create<double>(sums) + lower).CopyTo(sums);
        (Vector512.Create<double>(sums[8..]) + upper).CopyTo(sums[8..]);
    }
}

/// <summary>The half of a batch normalisation that scales, with the ReLU after it if there is one; backward it sums the gradients.</summary>
internal sealed unsafe class NormalizeStep(BatchMoments moments, Tensor input, Tensor output) : SampleStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> GradientTargets => [];

    /// <inheritdoc/>
    public override bool EndsBackward => true;

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap?> UsedBackward => [input.Values, output.Gradient];

    /// <inheritdoc/>
    public override void Prepare(Pass pass, ThreadTeam team)
    {
        if (!pass.IsTraining) moments.UseRunning();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Pass pass, int sample, int slot, int worker)
    {
        var (source, target) = (input.Values, output.Values);
        var least = moments.HasRelu ? Vector512<float>.Zero : Vector512.Create(float.NegativeInfinity);
        var (height, width, pitch) = (source.Height, source.Width, source.Pitch);
        var (sourceRow, targetRow) = (source.RowStride, target.RowStride);
        float* slopes = moments.Slope.Pointer, offsets = moments.Offset.Pointer;
        for (var y = 0; y < height; y++)
        {
            var from = source.Of(sample, worker) + (long)y * sourceRow;
            var to = target.Of(sample, worker) + (long)y * targetRow;
            for (var x = 0; x < width; x++, from += pitch, to += pitch)
            {
                for (var c = 0; c < pitch; c += 16)
                    Vector512.Max(Vector512.MultiplyAddEstimate(Vector512.Load(from + c), Vector512.Load(slopes + c), Vector512.Load(offsets + c)), least).Store(to + c);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(Pass pass, int sample, int slot, int worker)
    {
        var (gradient, map, hasRelu) = (output.Gradient!, input.Values, moments.HasRelu);
        var (height, width, pitch) = (map.Height, map.Width, map.Pitch);
        var (gradientRow, valueRow) = (gradient.RowStride, map.RowStride);
        var sums = moments.SumsOf(slot, sample == Slots.First(slot, pass.Samples));
        float* gradientLine = gradient.Of(sample, worker), valueLine = map.Of(sample, worker);
        for (var y = 0; y < height; y++, gradientLine += gradientRow, valueLine += valueRow)
        {
            for (var c = 0; c < pitch; c += 16)
            {
                var (slope, offset) = (Vector512.Load(moments.Slope.Pointer + c), Vector512.Load(moments.Offset.Pointer + c));
                var (mean, inverse) = (Vector512.Load(moments.Mean.Pointer + c), Vector512.Load(moments.InverseDeviation.Pointer + c));
                Vector512<float> sum = Vector512<float>.Zero, projection = sum;
                float* dy = gradientLine + c, values = valueLine + c;
                for (var x = 0; x < width; x++, dy += pitch, values += pitch)
                {
                    var (g, value) = (Vector512.Load(dy), Vector512.Load(values));
                    if (hasRelu) g = MeasureStep.MaskedBy(Vector512.MultiplyAddEstimate(value, slope, offset), g);
                    sum += g;
                    projection = Vector512.MultiplyAddEstimate(g, (value - mean) * inverse, projection);
                }

                MeasureStep.AddTo(sums[c..], sum);
                MeasureStep.AddTo(sums[(pitch + c)..], projection);
            }
        }
    }

    /// <inheritdoc/>
    public override void FinishBackward(Pass pass, ThreadTeam team) => moments.UseGradients(pass.Samples);
}
