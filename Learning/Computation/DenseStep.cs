namespace MLPipelines.Learning;

/// <summary>A dense layer over the whole batch: three matrix products.</summary>
/// <remarks>
/// The samples are read in place, and the weights too, except turned round for the gradient of the input. Long sums are cut into pieces that depend on the shape alone,
/// so that there is work for every worker; the pieces are added in order.
/// </remarks>
internal sealed unsafe class DenseStep : BatchStep
{
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly Parameters parameters;
    private readonly ParameterTensor weights;
    private readonly ParameterTensor? bias;
    private readonly BatchProduct forward;
    private readonly BatchProduct? inputGradient;
    private readonly OuterProduct weightGradient;
    private AlignedFloats? paddedBias;

    /// <param name="layer">The layer.</param>
    /// <param name="input">A dense tensor of vectors.</param>
    /// <param name="output">The units.</param>
    /// <param name="parameters">The network's numbers.</param>
    public DenseStep(LayerShape layer, Tensor input, Tensor output, Parameters parameters)
    {
        (this.input, this.output, this.parameters) = (input, output, parameters);
        weights = layer.Weights[0];
        bias = ((Dense)layer.Definition).Bias ? layer.Weights[1] : null;
        var (inputs, units) = (weights.Dimensions[0], weights.Dimensions[1]);
        forward = new BatchProduct(parameters.Vectors, inputs, units, isTransposed: false);
        inputGradient = input.Gradient is null ? null : new BatchProduct(parameters.Vectors, units, inputs, isTransposed: true);
        weightGradient = new OuterProduct(parameters.Vectors, inputs, units);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [input];

    /// <inheritdoc/>
    public override Tensor Output => output;

    /// <inheritdoc/>
    public override void Build(int workers, int largestBatch)
    {
        paddedBias = new AlignedFloats(output.Values.Pitch);
        forward.Build(input.Values.SampleStride, output.Values.SampleStride, largestBatch, addsBias: bias is not null, addsToResult: false);
        inputGradient?.Build(output.Gradient!.SampleStride, input.Gradient!.SampleStride, largestBatch, addsBias: false, AddsTo(input));
    }

    /// <inheritdoc/>
    public override void Prepare(Pass pass, ThreadTeam team)
    {
        var units = weights.Dimensions[1];
        if (bias is not null) new ReadOnlySpan<float>(parameters.Weights(bias), units).CopyTo(paddedBias!.Span);
        forward.Prepare(parameters.Weights(weights), team);
        if (pass.IsTraining) inputGradient?.Prepare(parameters.Weights(weights), team);
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass, ThreadTeam team) =>
        forward.Run(pass.Samples, input.Values.Of(0), output.Values.Of(0), paddedBias!.Pointer, team);

    /// <inheritdoc/>
    public override void Backward(Pass pass, ThreadTeam team)
    {
        var gradient = output.Gradient!;
        weightGradient.Run(
            pass.Samples, input.Values.Of(0), input.Values.SampleStride, gradient.Of(0), gradient.SampleStride,
            parameters.Gradients(weights), bias is null ? null : parameters.Gradients(bias), team);
        inputGradient?.Run(pass.Samples, gradient.Of(0), input.Gradient!.Of(0), null, team);
    }
}
