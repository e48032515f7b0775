namespace MLPipelines.Learning;

/// <summary>A layer of a network whose shapes are known.</summary>
/// <param name="Name">Unique in the network.</param>
/// <param name="Definition">What its author said.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Output">What it makes of it.</param>
/// <param name="Weights">The tensors it learns, in their order, offsets within the whole network.</param>
/// <param name="State">The tensors it measures: running mean and variance.</param>
/// <param name="MultiplyAdds">Multiplications with a following addition for one sample, forward.</param>
/// <param name="Branches">Of a <see cref="Residual"/> its layers and its shortcut (which may be empty); otherwise empty.</param>
public sealed record LayerShape(
    string Name,
    LayerDefinition Definition,
    ImageShape Input,
    ImageShape Output,
    IReadOnlyList<ParameterTensor> Weights,
    IReadOnlyList<ParameterTensor> State,
    long MultiplyAdds,
    IReadOnlyList<IReadOnlyList<LayerShape>> Branches)
{
    /// <summary>This layer and all within it, in the order of computation.</summary>
    public IEnumerable<LayerShape> Flattened => Branches.SelectMany(branch => branch).SelectMany(layer => layer.Flattened).Append(this);
}
