namespace MLPipelines.Learning;

/// <summary>The weights of a convolution as its kernels use them, and the sums of their gradients, slot by slot.</summary>
/// <remarks>Groups are computed as one convolution whose weights between groups are zero.</remarks>
internal sealed unsafe class ConvolutionWeights
{
    private readonly Parameters parameters;
    private readonly ParameterTensor tensor;
    private readonly ParameterTensor? biasTensor;
    private readonly int groups;
    private readonly int channels;
    private readonly int filters;
    private readonly int area;
    private readonly AlignedFloats? expanded;
    private readonly Action<int, int> addRows;
    private AlignedFloats? bias;
    private AlignedFloats? slots;
    private int pitch;
    private int slotCount;

    public ConvolutionWeights(LayerShape layer, Parameters parameters)
    {
        this.parameters = parameters;
        var definition = (Convolution)layer.Definition;
        (tensor, biasTensor) = (layer.Weights[0], definition.Bias ? layer.Weights[1] : null);
        (groups, channels, filters, area) = (definition.Groups, layer.Input.Channels, layer.Output.Channels, definition.Kernel * definition.Kernel);
        expanded = groups > 1 ? new AlignedFloats((long)area * channels * filters) : null;
        addRows = AddRow;
    }

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => biasTensor is not null;

    /// <summary>The bias, in whole vectors.</summary>
    public float* Bias => bias!.Pointer;

    private int SlotLength => (area * channels + 1) * pitch;

    /// <summary>Reserves the slots.</summary>
    public void Build(int largestBatch, int filterPitch)
    {
        pitch = filterPitch;
        bias = new AlignedFloats(pitch);
        slots = new AlignedFloats((long)Slots.Count(largestBatch) * SlotLength);
    }

    /// <summary>The weights as of now, [kernel row, kernel column, channel, filter], and the bias put in place.</summary>
    public float* Values()
    {
        if (biasTensor is not null) new ReadOnlySpan<float>(parameters.Weights(biasTensor), filters).CopyTo(bias!.Span);
        var values = parameters.Weights(tensor);
        if (expanded is null) return values;
        var (inputs, outputs) = (channels / groups, filters / groups);
        for (var row = 0; row < area * channels; row++)
        {
            var (place, channel) = (row / channels, row % channels);
            var group = channel / inputs;
            new ReadOnlySpan<float>(values + ((long)place * inputs + channel % inputs) * filters + group * outputs, outputs)
                .CopyTo(new Span<float>(expanded.Pointer + (long)row * filters + group * outputs, outputs));
        }

        return expanded.Pointer;
    }

    /// <summary>Where a slot sums the gradients of the weights; emptied for the slot's first sample.</summary>
    public float* SlotOf(int slot, bool isFirst)
    {
        var sums = slots!.Pointer + (long)slot * SlotLength;
        if (isFirst) new Span<float>(sums, SlotLength).Clear();
        return sums;
    }

    /// <summary>Where a slot sums the gradient of the bias.</summary>
    public float* BiasOf(int slot) => slots!.Pointer + (long)slot * SlotLength + (long)area * channels * pitch;

    /// <summary>Adds the slots up, in order, into the network's gradients.</summary>
    public void AddSlots(Pass pass, ThreadTeam team)
    {
        slotCount = Slots.Count(pass.Samples);
        team.For(area * channels + 1, addRows);
    }

    private void AddRow(int row, int worker)
    {
        var sums = new Span<float>(slots!.Pointer + (long)row * pitch, filters);
        for (var slot = 1; slot < slotCount; slot++)
        {
            var other = new ReadOnlySpan<float>(slots.Pointer + (long)slot * SlotLength + (long)row * pitch, filters);
            System.Numerics.Tensors.TensorPrimitives.Add(sums, other, sums);
        }

        if (row == area * channels)
        {
            if (biasTensor is not null) sums.CopyTo(new Span<float>(parameters.Gradients(biasTensor), filters));
            return;
        }

        var (inputs, outputs) = (channels / groups, filters / groups);
        var (place, channel) = (row / channels, row % channels);
        var group = channel / inputs;
        sums.Slice(group * outputs, outputs)
            .CopyTo(new Span<float>(parameters.Gradients(tensor) + ((long)place * inputs + channel % inputs) * filters + group * outputs, outputs));
    }
}
