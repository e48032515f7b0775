namespace MLPipelines.Learning;

/// <summary>Walks the layers of a definition once and gives every one its name, shapes and tensors.</summary>
internal sealed class NetworkShapeInference(int classes)
{
    private const int LargestSide = 4096;
    private const long MostWeights = 200_000_000;
    private const long MostValues = 100_000_000;

    private readonly Dictionary<string, int> counters = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private long weights;
    private long state;

    public NetworkShape Infer(NetworkDefinition definition, ImageShape input)
    {
        if (classes < 2) throw new InvalidDataException($"The network '{definition.Name}' was asked to tell {classes} classes apart; it needs at least 2.");
        if (input.Height < 1 || input.Width < 1 || input.Channels < 1 || input.Height > LargestSide || input.Width > LargestSide || (long)input.Height * input.Width * input.Channels > MostValues)
            throw new InvalidDataException($"The network '{definition.Name}' was given samples of {input.Height}×{input.Width}×{input.Channels}; sides must be 1 to {LargestSide}, and all values of a sample at most {MostValues:N0}.");
        if (definition.Layers.Count == 0) throw new InvalidDataException($"The network '{definition.Name}' has no layers; it needs at least a dense one.");
        var layers = Infer(definition.Layers, input);
        var output = layers[^1].Output;
        if (output != ImageShape.Vector(classes))
        {
            throw new InvalidDataException(
                $"The last layer, '{layers[^1].Name}', gives {output} numbers per sample, and there are {classes} classes; end with a dense layer without \"units\".");
        }

        return new NetworkShape(definition, input, classes, layers);
    }

    private List<LayerShape> Infer(IReadOnlyList<LayerDefinition> definitions, ImageShape input)
    {
        var layers = new List<LayerShape>(definitions.Count);
        foreach (var definition in definitions)
        {
            if (definition is null) throw new InvalidDataException("A layer is null; every layer must be an object with a \"type\".");
            var layer = Infer(definition, input);
            if ((long)layer.Output.Height * layer.Output.Width * layer.Output.Channels > MostValues)
                throw new InvalidDataException($"Layer '{layer.Name}' would give {layer.Output} numbers per sample; the most is {MostValues:N0}.");
            layers.Add(layer);
            input = layer.Output;
        }

        return layers;
    }

    private LayerShape Infer(LayerDefinition definition, ImageShape input)
    {
        var name = NameOf(definition);
        switch (definition)
        {
            case Convolution convolution:
                return InferConvolution(name, convolution, input);
            case Dense dense:
                var units = dense.Units ?? classes;
                Require(units >= 1, name, $"units is {units}; it must be at least 1.");
                IReadOnlyList<ParameterTensor> tensors = [Weight(name, "weight", [input.Size, units], true)];
                if (dense.Bias) tensors = [.. tensors, Weight(name, "bias", [units], false)];
                return new(name, dense, input, ImageShape.Vector(units), tensors, [], (long)input.Size * units, []);
            case BatchNormalization normalization:
                Require(normalization.Momentum is >= 0 and <= 1, name, $"momentum is {normalization.Momentum}; it must be from 0 to 1.");
                Require(normalization.Epsilon > 0 && float.IsFinite(normalization.Epsilon), name, $"epsilon is {normalization.Epsilon}; it must be above 0.");
                return new(
                    name, normalization, input, input,
                    [Weight(name, "scale", [input.Channels], false), Weight(name, "shift", [input.Channels], false)],
                    [Measured(name, "mean", input.Channels), Measured(name, "variance", input.Channels)],
                    input.Size, []);
            case Relu:
                return new(name, definition, input, input, [], [], 0, []);
            case Dropout dropout:
                Require(dropout.Rate is >= 0 and < 1, name, $"rate is {dropout.Rate}; it must be from 0 to below 1.");
                return new(name, definition, input, input, [], [], 0, []);
            case MaxPooling pool:
                return new(name, definition, input, Pooled(name, input, pool.Size, pool.Stride), [], [], 0, []);
            case AveragePooling pool:
                return new(name, definition, input, Pooled(name, input, pool.Size, pool.Stride), [], [], 0, []);
            case GlobalAveragePooling:
                return new(name, definition, input, ImageShape.Vector(input.Channels), [], [], 0, []);
            case Flatten:
                return new(name, definition, input, ImageShape.Vector(input.Size), [], [], 0, []);
            case Residual residual:
                Require(residual.Layers is { Count: > 0 }, name, "it has no layers.");
                var main = Infer(residual.Layers, input);
                var shortcut = Infer(residual.Shortcut ?? [], input);
                var (left, right) = (main[^1].Output, shortcut.Count == 0 ? input : shortcut[^1].Output);
                Require(left == right, name, $"its layers give {left} and its shortcut gives {right}; both must be alike to be added.");
                return new(name, definition, input, left, [], [], 0, [main, shortcut]);
            default:
                throw new NotSupportedException($"Layer '{name}' is of the type {definition.GetType().Name}, which this version cannot compute.");
        }
    }

    private LayerShape InferConvolution(string name, Convolution convolution, ImageShape input)
    {
        var (filters, kernel, stride, groups) = (convolution.Filters, convolution.Kernel, convolution.Stride, convolution.Groups);
        Require(filters is >= 1 and <= 65536, name, $"filters is {filters}; it must be from 1 to 65536.");
        Require(kernel is >= 1 and <= 64, name, $"kernel is {kernel}; it must be from 1 to 64.");
        Require(stride is >= 1 and <= 64, name, $"stride is {stride}; it must be from 1 to 64.");
        Require(groups >= 1 && input.Channels % groups == 0 && filters % groups == 0, name, $"groups is {groups}; it must divide both the {input.Channels} input channels and the {filters} filters.");
        var padding = convolution.Padding.For(kernel);
        Require(padding >= 0 && padding < kernel, name, $"padding is {padding}; it must be from 0 to below the kernel, {kernel}.");
        int height = input.Height + 2 * padding - kernel, width = input.Width + 2 * padding - kernel;
        Require(height >= 0 && width >= 0, name, $"a kernel of {kernel}×{kernel} does not fit into {input} with padding {padding}.");
        var output = new ImageShape(height / stride + 1, width / stride + 1, filters);
        IReadOnlyList<ParameterTensor> tensors = [Weight(name, "weight", [kernel, kernel, input.Channels / groups, filters], true)];
        if (convolution.Bias) tensors = [.. tensors, Weight(name, "bias", [filters], false)];
        return new(name, convolution, input, output, tensors, [], (long)output.Size * kernel * kernel * (input.Channels / groups), []);
    }

    private static ImageShape Pooled(string name, ImageShape input, int size, int? stride)
    {
        var step = stride ?? size;
        Require(size >= 1 && step >= 1, name, $"size is {size} and stride is {step}; both must be at least 1.");
        Require(size <= input.Height && size <= input.Width, name, $"a window of {size}×{size} does not fit into {input}.");
        return new ImageShape((input.Height - size) / step + 1, (input.Width - size) / step + 1, input.Channels);
    }

    private string NameOf(LayerDefinition definition)
    {
        var name = definition.Name;
        while (name is null)
        {
            var number = counters[definition.Type] = counters.GetValueOrDefault(definition.Type) + 1;
            if (!names.Contains($"{definition.Type}_{number}")) name = $"{definition.Type}_{number}";
        }

        if (name.Length == 0 || !names.Add(name)) throw new InvalidDataException($"Two layers are called '{name}'; names must be unique and not empty.");
        return name;
    }

    private ParameterTensor Weight(string layer, string part, int[] dimensions, bool decays)
    {
        var length = dimensions.Aggregate(1L, (product, dimension) => product * dimension);
        Require(weights + length <= MostWeights, layer, $"the network would have more than {MostWeights:N0} parameters.");
        weights += length;
        return new ParameterTensor($"{layer}.{part}", dimensions, (int)(weights - length), decays);
    }

    private ParameterTensor Measured(string layer, string part, int length)
    {
        state += length;
        return new ParameterTensor($"{layer}.{part}", [length], (int)(state - length), false);
    }

    private static void Require(bool condition, string layer, string message)
    {
        if (!condition) throw new InvalidDataException($"Layer '{layer}': {message}");
    }
}
