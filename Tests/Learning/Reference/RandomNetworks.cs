using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Networks put together at random, for combinations that nobody thought of.</summary>
internal static class RandomNetworks
{
    private static readonly int[] Channels = [1, 2, 3, 5, 8, 15, 16, 17, 24, 33];

    /// <summary>A network of one to six layers, some of them residuals; the same for the same seed.</summary>
    public static NetworkCase Of(int seed)
    {
        var random = new SeededRandom(SeededRandom.Key(6, (ulong)seed));
        while (true)
        {
            var input = random.Next(6) == 0
                ? ImageShape.Vector(1 + random.Next(40))
                : new ImageShape(1 + random.Next(14), 1 + random.Next(14), Pick(ref random, Channels));
            LayerDefinition[] layers = [.. Layers(ref random, input, 1 + random.Next(6), depth: 0)];
            try
            {
                return new NetworkCase($"random {seed}", input, 4 + random.Next(17), layers, 2 + random.Next(20));
            }
            catch (InvalidDataException)
            {
                // The layers do not fit each other: the next draw.
            }
        }
    }

    private static List<LayerDefinition> Layers(ref SeededRandom random, ImageShape input, int count, int depth)
    {
        List<LayerDefinition> layers = [];
        for (var i = 0; i < count; i++)
        {
            var shape = layers.Count == 0 ? input : OutputOf(layers, input);
            switch (random.Next(depth < 2 ? 16 : 14))
            {
                case < 5:
                    var groups = random.Next(5) == 0 ? shape.Channels : random.Next(5) == 0 ? 2 : 1;
                    var filters = Pick(ref random, Channels);
                    layers.Add(new Convolution
                    {
                        Filters = groups == shape.Channels ? groups * (1 + random.Next(2)) : (filters + groups - 1) / groups * groups,
                        Kernel = 1 + random.Next(5), Stride = 1 + random.Next(8) / 6, Groups = groups, Bias = random.Next(2) == 0,
                        Padding = random.Next(2) == 0 ? Padding.Same : new Padding(random.Next(2)),
                    });
                    break;
                case < 8:
                    layers.Add(new Relu());
                    break;
                case 8:
                    layers.Add(new BatchNormalization());
                    break;
                case 9:
                    layers.Add(new MaxPooling { Size = 1 + random.Next(4), Stride = random.Next(2) == 0 ? null : 1 + random.Next(4) });
                    break;
                case 10:
                    layers.Add(new AveragePooling { Size = 1 + random.Next(4), Stride = random.Next(2) == 0 ? null : 1 + random.Next(4) });
                    break;
                case 11:
                    layers.Add(new Dropout { Rate = 0 });
                    break;
                case 12:
                    layers.Add(random.Next(2) == 0 ? new Flatten() : new GlobalAveragePooling());
                    break;
                case 13:
                    layers.Add(new Dense { Units = Pick(ref random, Channels), Bias = random.Next(2) == 0 });
                    break;
                default:
                    layers.Add(Sum(ref random, shape, depth + 1));
                    break;
            }
        }

        return layers;
    }

    /// <summary>Both branches are brought to one shape by a convolution each at their end, unless they have it already.</summary>
    private static Residual Sum(ref SeededRandom random, ImageShape input, int depth)
    {
        var (layers, shortcut) = (Layers(ref random, input, 1 + random.Next(3), depth), Layers(ref random, input, random.Next(3), depth));
        var (left, right) = (OutputOf(layers, input), shortcut.Count == 0 ? input : OutputOf(shortcut, input));
        if ((left.Height, left.Width) != (right.Height, right.Width))
        {
            layers.Add(new GlobalAveragePooling());
            shortcut.Add(new GlobalAveragePooling());
        }

        if (left.Channels != right.Channels) layers.Add(new Convolution { Filters = right.Channels, Kernel = 1 });
        return new Residual { Layers = layers, Shortcut = shortcut };
    }

    // Layers that do not fit have no output; whoever asks goes on with the input, and the whole is thrown away in the end.
    private static ImageShape OutputOf(IReadOnlyList<LayerDefinition> layers, ImageShape input)
    {
        try
        {
            return NetworkShape.Of(new NetworkDefinition { Layers = [.. layers, new Dense()] }, input, 2).Layers[^1].Input;
        }
        catch (InvalidDataException)
        {
            return input;
        }
    }

    private static int Pick(ref SeededRandom random, int[] values) => values[random.Next(values.Length)];
}
