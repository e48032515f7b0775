using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>A <see cref="ReferenceNetwork"/> behind the interface of the engine: slow and plain, for tests of whatever drives a network.</summary>
/// <param name="network">What is computed; its numbers are trained and moved in place.</param>
/// <param name="largestBatch">The most samples in a batch.</param>
/// <param name="team">The threads, which it offers and does not use.</param>
internal sealed class ReferenceTrainableNetwork(Network network, int largestBatch, ThreadTeam team) : ITrainableNetwork
{
    private readonly double[] inputs = new double[largestBatch * network.Shape.Input.Size];
    private readonly float[] logits = new float[largestBatch * network.Shape.Classes];
    private readonly float[] logitGradients = new float[largestBatch * network.Shape.Classes];
    private readonly float[] gradients = new float[network.Weights.Length];
    private ReferenceNetwork? computed;

    public ImageShape Input => network.Shape.Input;

    public int Classes => network.Shape.Classes;

    public int LargestBatch => largestBatch;

    public ThreadTeam Team => team;

    public Span<float> Weights => network.Weights;

    public Span<float> Gradients => gradients;

    public Span<float> State => network.State;

    public IReadOnlyList<ParameterTensor> WeightTensors => network.Shape.Weights;

    public IReadOnlyList<ParameterTensor> StateTensors => network.Shape.State;

    public void SetInput(int sample, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++) inputs[sample * Input.Size + i] = values[i];
    }

    public void Forward(int samples, bool training, ulong noise = 0)
    {
        computed = new ReferenceNetwork(
            network.Shape, ToDouble(network.Weights), ToDouble(network.State), (layer, sample, position) => Keeps(noise, layer, sample, position));
        ToFloat(computed.Forward(inputs[..(samples * Input.Size)], samples, training), logits);
        ToFloat(computed.State, network.State);
    }

    public Span<float> LogitsOf(int sample) => logits.AsSpan(sample * Classes, Classes);

    public Span<float> LogitGradientsOf(int sample) => logitGradients.AsSpan(sample * Classes, Classes);

    public void Backward(int samples) => ToFloat(computed!.Backward(ToDouble(logitGradients[..(samples * Classes)])), gradients);

    private bool Keeps(ulong noise, string layer, int sample, int position)
    {
        var definition = (Dropout)network.Shape.AllLayers.Single(each => each.Name == layer).Definition;
        var random = new SeededRandom(SeededRandom.Key([noise, (ulong)sample, (ulong)position, .. layer.Select(letter => (ulong)letter)]));
        return random.NextDouble() >= definition.Rate;
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void ToFloat(double[] values, float[] target)
    {
        for (var i = 0; i < values.Length; i++) target[i] = (float)values[i];
    }
}
