namespace MLPipelines.Learning;

/// <summary>A named part of a network's <see cref="ITrainableNetwork.Weights"/> or <see cref="ITrainableNetwork.State"/>.</summary>
/// <param name="Name"><c>conv2d_1.weight</c>: the layer's name and what it is.</param>
/// <param name="Dimensions">Convolutions [kernel height, kernel width, inputs per group, outputs], dense layers [inputs, outputs], all else [length].</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Decays">Whether weight decay applies: to weights, and not to biases and to the scales and shifts of batch normalisation.</param>
public sealed record ParameterTensor(string Name, IReadOnlyList<int> Dimensions, int Offset, bool Decays)
{
    /// <summary>How many numbers.</summary>
    public int Length { get; } = Dimensions.Aggregate(1, (product, dimension) => product * dimension);
}
