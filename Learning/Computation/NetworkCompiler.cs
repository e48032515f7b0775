namespace MLPipelines.Learning;

/// <summary>Turns the layers of a network into steps: what can be computed together becomes one step, what can be done in place is.</summary>
internal sealed class NetworkCompiler(Parameters parameters)
{
    private readonly List<Step> steps = [];
    private readonly List<Tensor> tensors = [];

    /// <summary>The steps in the order of computation.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>All tensors, the input first.</summary>
    public IReadOnlyList<Tensor> Tensors => tensors;

    /// <summary>The logits.</summary>
    public Tensor Output { get; private set; } = null!;

    /// <summary>Compiles a network; to be called once.</summary>
    public void Compile(NetworkShape network)
    {
        // Convolutions and dense layers read the input as it is packed; whatever goes over elements wants whole vectors.
        var readers = FirstReaders(network.Layers);
        var pitch = readers.All(reader => reader is Flatten or Dense || reader is Convolution && !IsDepthwise(reader, network.Input)) ? network.Input.Channels : Parameters.Pitch(network.Input.Channels);
        var input = Add(new Tensor(network.Input, pitch, needsGradient: false));
        Output = Compile(network.Layers, input);
        foreach (var normalize in steps.OfType<NormalizeStep>()) ComputeAgain(normalize);
    }

    private static IEnumerable<LayerDefinition> FirstReaders(IReadOnlyList<LayerShape> layers) => layers switch
    {
        [] => [new Relu()],
        [{ Definition: Residual } first, ..] => first.Branches.SelectMany(FirstReaders),
        [{ Definition: Dropout or Relu }, ..] or [{ Definition: Flatten }, { Definition: Dropout or Relu }, ..] => [new Relu()],
        [var first, ..] => [first.Definition],
    };

    private static bool IsDepthwise(LayerDefinition definition, ImageShape input) =>
        definition is Convolution { Groups: > 1 } convolution && convolution.Groups == input.Channels && convolution.Filters == input.Channels;

    private Tensor Compile(IReadOnlyList<LayerShape> layers, Tensor input)
    {
        var current = input;
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            var next = i + 1 < layers.Count ? layers[i + 1].Definition : null;
            switch (layer.Definition)
            {
                case Convolution convolution when IsDepthwise(convolution, layer.Input):
                    current = Step(current, layer.Output, (from, to) => new DepthwiseStep(layer, from, to, parameters));
                    break;
                case Convolution:
                    var hasRelu = next is Relu;
                    var after = hasRelu && i + 2 < layers.Count ? layers[i + 2] : !hasRelu && next is not null ? layers[i + 1] : null;
                    var pool = after?.Definition is MaxPooling { Size: > 1 and <= MaximumOfWindows.LargestSide } pooling && (pooling.Stride ?? pooling.Size) == pooling.Size ? pooling.Size : 1;
                    current = Step(current, pool > 1 ? after!.Output : layer.Output, (from, to) => new ConvolutionStep(layer, from, to, hasRelu, pool, parameters));
                    i += (hasRelu ? 1 : 0) + (pool > 1 ? 1 : 0);
                    break;
                case Dense:
                    current = Step(FlatOf(current), layer.Output, (from, to) => new DenseStep(layer, from, to, parameters));
                    break;
                case BatchNormalization:
                    current = Normalize(layer, current, next is Relu);
                    i += next is Relu ? 1 : 0;
                    break;
                case Relu:
                    current = InPlace(current, (from, to) => new ReluStep(from, to));
                    break;
                case Dropout dropout:
                    current = InPlace(current, (from, to) => new DropoutStep(dropout.Rate, steps.Count, from, to));
                    break;
                case MaxPooling maximum:
                    current = Step(current, layer.Output, (from, to) => new MaxPoolingStep(maximum.Size, maximum.Stride ?? maximum.Size, from, to));
                    break;
                case AveragePooling average:
                    current = Step(current, layer.Output, (from, to) => new AveragePoolingStep(average.Size, average.Size, average.Stride ?? average.Size, from, to));
                    break;
                case GlobalAveragePooling:
                    current = Step(current, layer.Output, (from, to) => new AveragePoolingStep(layer.Input.Height, layer.Input.Width, 1, from, to));
                    break;
                case Flatten:
                    // A dense layer flattens by itself; for any other layer the vector is made.
                    if (!layers.Skip(i + 1).Select(later => later.Definition).SkipWhile(later => later is Relu or Dropout).Take(1).Any(later => later is Dense)) current = Flat(current);
                    break;
                case Residual:
                    current = Join(layer, current, next is Relu);
                    i += next is Relu ? 1 : 0;
                    break;
                default:
                    throw new NotSupportedException($"Layer '{layer.Name}' is of the type {layer.Definition.Type}, which this version cannot compute.");
            }
        }

        return current;
    }

    private Tensor Join(LayerShape layer, Tensor input, bool hasRelu)
    {
        input.IsShared = true;
        // The second branch comes first, so that backward, where it comes last, what is often a convolution of few pixels adds to the gradient of all.
        var second = Compile(layer.Branches[1], input);
        var isSecondNormalized = EndsNormalized(second);
        var first = Compile(layer.Branches[0], input);
        var output = Add(NewTensor(first.Shape));
        // What reaches a branch is the gradient of the sum itself, which two may share only if neither changes it.
        if (!first.IsShared && first.Gradient is not null) output.Gradient = first.Gradient;
        if (isSecondNormalized && EndsNormalized(first)) second.Gradient = output.Gradient;
        steps.Add(new AddStep(first, second, output, hasRelu));
        return output;
    }

    /// <summary>What a normalisation makes for a single convolution is computed again when that goes back: cheaper than to keep it for the whole batch.</summary>
    private void ComputeAgain(NormalizeStep normalize)
    {
        var values = normalize.Output;
        var users = steps.Where(step => step.Inputs.Contains(values) || step.Output == values).Where(step => step != normalize && step is not MeasureStep).ToArray();
        if (users is not [ConvolutionStep reader] || values == Output) return;
        values.Values.IsComputedAgain = true;
        reader.InputAgain = normalize;
    }

    private bool EndsNormalized(Tensor branch) => steps is [.., NormalizeStep last] && last.Output == branch && !branch.IsShared;

    private Tensor Normalize(LayerShape layer, Tensor input, bool hasRelu)
    {
        var output = Add(NewTensor(layer.Output));
        var moments = new BatchMoments(layer, hasRelu, parameters);
        steps.Add(new MeasureStep(moments, input, output));
        steps.Add(new NormalizeStep(moments, input, output));
        return output;
    }

    private Tensor InPlace(Tensor input, Func<Tensor, Tensor, Step> create)
    {
        if (input.IsShared || input == tensors[0]) return Step(input, input.Shape, create);
        steps.Add(create(input, input));
        return input;
    }

    private Tensor FlatOf(Tensor input) => input.Values.IsDense && (input.Gradient is null || input.Gradient.IsDense) && !input.IsShared || input.Shape is { Height: 1, Width: 1 } ? input : Flat(input);

    private Tensor Flat(Tensor input) => Step(input, ImageShape.Vector(input.Shape.Size), (from, to) => new FlattenStep(from, to));

    private Tensor Step(Tensor input, ImageShape shape, Func<Tensor, Tensor, Step> create)
    {
        var output = Add(NewTensor(shape));
        steps.Add(create(input, output));
        return output;
    }

    private static Tensor NewTensor(ImageShape shape) => new(shape, Parameters.Pitch(shape.Channels), needsGradient: true);

    private Tensor Add(Tensor tensor)
    {
        tensors.Add(tensor);
        return tensor;
    }
}
