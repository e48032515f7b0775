using System.Reflection;
using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>One layer of a network as its author describes it; shapes follow from what comes before.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Convolution), "conv2d")]
[JsonDerivedType(typeof(Dense), "dense")]
[JsonDerivedType(typeof(BatchNormalization), "batchnorm")]
[JsonDerivedType(typeof(Relu), "relu")]
[JsonDerivedType(typeof(MaxPooling), "maxpool")]
[JsonDerivedType(typeof(AveragePooling), "avgpool")]
[JsonDerivedType(typeof(GlobalAveragePooling), "globalavgpool")]
[JsonDerivedType(typeof(Dropout), "dropout")]
[JsonDerivedType(typeof(Flatten), "flatten")]
[JsonDerivedType(typeof(Residual), "residual")]
public abstract record LayerDefinition
{
    /// <summary>Unique in the network; null for one made of the type and a number, as <c>conv2d_1</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The type as it is written in JSON.</summary>
    [JsonIgnore]
    public string Type => Types[GetType()];

    private static Dictionary<Type, string> Types { get; } = typeof(LayerDefinition).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(derived => derived.DerivedType, derived => (string)derived.TypeDiscriminator!);
}

/// <summary>A 2-D convolution: <c>y[p, o] = bias[o] + Σ x[p·stride + k − padding, i] · w[k, i, o]</c>.</summary>
public sealed record Convolution : LayerDefinition
{
    /// <summary>Output channels.</summary>
    public required int Filters { get; init; }

    /// <summary>Side of the square kernel.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>How far the kernel moves, in pixels of the input, both ways.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Zeros around the input; <c>"valid"</c> (none), <c>"same"</c> or a number of pixels.</summary>
    public Padding Padding { get; init; }

    /// <summary>Into how many groups input and output channels are split, each output seeing its own group only; as many as there are input
    /// channels makes a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added; before batch normalisation it would have no effect.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>Each output a weighted sum of all inputs; an input with height and width is flattened first.</summary>
public sealed record Dense : LayerDefinition
{
    /// <summary>How many outputs; null for the number of classes.</summary>
    public int? Units { get; init; }

    /// <summary>Whether a bias is added.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>Batch normalisation per channel: <c>γ (x − mean) / √(variance + ε) + β</c> (Ioffe and Szegedy 2015).</summary>
/// <remarks>In training mean and variance are those of the batch; in use they are the running ones, which move by
/// <c>1 − <see cref="Momentum"/></c> of the difference with every batch of training. The running variance is the unbiased one, as PyTorch's.</remarks>
public sealed record BatchNormalization : LayerDefinition
{
    /// <summary>How much of the running statistics a batch leaves, from 0 to 1.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Is added to the variance, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;
}

/// <summary><c>max(x, 0)</c>.</summary>
public sealed record Relu : LayerDefinition;

/// <summary>The largest of each square window; rows and columns that do not fill a window are left out.</summary>
public sealed record MaxPooling : LayerDefinition
{
    /// <summary>Side of the window.</summary>
    public int Size { get; init; } = 2;

    /// <summary>How far the window moves; null for its size.</summary>
    public int? Stride { get; init; }
}

/// <summary>The mean of each square window; rows and columns that do not fill a window are left out.</summary>
public sealed record AveragePooling : LayerDefinition
{
    /// <summary>Side of the window.</summary>
    public int Size { get; init; } = 2;

    /// <summary>How far the window moves; null for its size.</summary>
    public int? Stride { get; init; }
}

/// <summary>The mean of each channel over height and width.</summary>
public sealed record GlobalAveragePooling : LayerDefinition;

/// <summary>In training sets each value to 0 with a probability and divides the others by what is left; in use does nothing.</summary>
public sealed record Dropout : LayerDefinition
{
    /// <summary>The probability, from 0 to below 1.</summary>
    public float Rate { get; init; } = 0.5f;
}

/// <summary>Makes a vector of height × width × channels, in this order.</summary>
public sealed record Flatten : LayerDefinition;

/// <summary>The sum of two branches over the same input (He et al. 2015); put a <see cref="Relu"/> after it as ResNets do.</summary>
public sealed record Residual : LayerDefinition
{
    /// <summary>The one branch.</summary>
    public required IReadOnlyList<LayerDefinition> Layers { get; init; }

    /// <summary>The other; empty for the input itself.</summary>
    public IReadOnlyList<LayerDefinition> Shortcut { get; init; } = [];
}
