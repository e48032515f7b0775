using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>A network one can read: (dense, ReLU, centring, dropout,) dense; plain loops, sums in a fixed order whatever the threads.</summary>
/// <remarks>
/// Centring takes the batch's mean off each hidden value in training, and its running mean in use, so that there is a state. Without hidden
/// units it is a softmax regression.
/// </remarks>
internal sealed class PlainNetwork : ITrainableNetwork, IDisposable
{
    private const float Kept = 0.75f, Remembered = 0.9f;

    private readonly int hidden;
    private readonly float[] weights, gradients, state;
    private readonly float[][] inputs, activations, centred, logits, logitGradients, hiddenGradients;
    private readonly bool[][] kept;

    public PlainNetwork(int inputs, int hidden, int classes, int largestBatch, int threads = 1, ulong seed = 1)
    {
        this.hidden = hidden;
        (Input, Classes, LargestBatch, Team) = (ImageShape.Vector(inputs), classes, largestBatch, new ThreadTeam(threads));
        List<ParameterTensor> tensors = [];
        var last = inputs;
        if (hidden > 0)
        {
            Add("hidden.weight", true, inputs, hidden);
            Add("hidden.bias", false, hidden);
            StateTensors = [new ParameterTensor("hidden.mean", [hidden], 0, false)];
            last = hidden;
        }

        Add("output.weight", true, last, classes);
        Add("output.bias", false, classes);
        WeightTensors = tensors;
        weights = new float[tensors.Sum(tensor => tensor.Length)];
        gradients = new float[weights.Length];
        state = new float[hidden];
        var random = new SeededRandom(seed);
        for (var i = 0; i < weights.Length; i++) weights[i] = (float)(0.3 * random.NextNormal());
        (this.inputs, activations, centred) = (Rows(inputs), Rows(hidden), Rows(hidden));
        (logits, logitGradients, hiddenGradients) = (Rows(classes), Rows(classes), Rows(hidden));
        kept = [.. Enumerable.Range(0, largestBatch).Select(_ => new bool[hidden])];

        void Add(string name, bool decays, params int[] dimensions) =>
            tensors.Add(new ParameterTensor(name, dimensions, tensors.Sum(tensor => tensor.Length), decays));

        float[][] Rows(int length) => [.. Enumerable.Range(0, largestBatch).Select(_ => new float[length])];
    }

    public ImageShape Input { get; }

    public int Classes { get; }

    public int LargestBatch { get; }

    public ThreadTeam Team { get; }

    public Span<float> Weights => weights;

    public Span<float> Gradients => gradients;

    public Span<float> State => state;

    public IReadOnlyList<ParameterTensor> WeightTensors { get; }

    public IReadOnlyList<ParameterTensor> StateTensors { get; } = [];

    /// <summary>Is called at the end of every backward pass: the place to spoil gradients.</summary>
    public Action<PlainNetwork>? AfterBackward { get; init; }

    public void SetInput(int sample, ReadOnlySpan<float> values) => values.CopyTo(inputs[sample]);

    public Span<float> LogitsOf(int sample) => logits[sample];

    public Span<float> LogitGradientsOf(int sample) => logitGradients[sample];

    public void Forward(int samples, bool training, ulong noise = 0)
    {
        for (var s = 0; s < samples; s++) Dense(inputs[s], 0, activations[s]);
        if (hidden > 0) Centre(samples, training, noise);
        for (var s = 0; s < samples; s++) Dense(hidden > 0 ? centred[s] : inputs[s], OutputOffset, logits[s]);
    }

    public void Backward(int samples)
    {
        Array.Clear(gradients);
        for (var s = 0; s < samples; s++)
        {
            var source = hidden > 0 ? centred[s] : inputs[s];
            Accumulate(source, logitGradients[s], OutputOffset);
            for (var j = 0; j < hidden; j++)
            {
                var sum = 0f;
                for (var c = 0; c < Classes; c++) sum += weights[OutputOffset + j * Classes + c] * logitGradients[s][c];
                hiddenGradients[s][j] = kept[s][j] ? sum / Kept : 0;
            }
        }

        for (var j = 0; j < hidden; j++)
        {
            var mean = 0f;
            for (var s = 0; s < samples; s++) mean += hiddenGradients[s][j] / samples;
            for (var s = 0; s < samples; s++) hiddenGradients[s][j] = activations[s][j] > 0 ? hiddenGradients[s][j] - mean : 0;
        }

        for (var s = 0; s < samples && hidden > 0; s++) Accumulate(inputs[s], hiddenGradients[s], 0);
        AfterBackward?.Invoke(this);
    }

    public void Dispose() => Team.Dispose();

    private int OutputOffset => hidden > 0 ? (Input.Size + 1) * hidden : 0;

    private void Dense(float[] source, int offset, float[] target)
    {
        for (var j = 0; j < target.Length; j++)
        {
            var sum = weights[offset + source.Length * target.Length + j];
            for (var i = 0; i < source.Length; i++) sum += source[i] * weights[offset + i * target.Length + j];
            target[j] = sum;
        }
    }

    private void Centre(int samples, bool training, ulong noise)
    {
        for (var j = 0; j < hidden; j++)
        {
            var mean = 0f;
            for (var s = 0; s < samples; s++) mean += Math.Max(activations[s][j], 0) / samples;
            if (training) state[j] = Remembered * state[j] + (1 - Remembered) * mean;
            else mean = state[j];
            for (var s = 0; s < samples; s++)
            {
                var random = new SeededRandom(SeededRandom.Key(noise, (ulong)s, (ulong)j));
                kept[s][j] = !training || random.NextSingle() < Kept;
                centred[s][j] = kept[s][j] ? (Math.Max(activations[s][j], 0) - mean) / (training ? Kept : 1) : 0;
            }
        }
    }

    private void Accumulate(float[] source, float[] outputGradients, int offset)
    {
        for (var j = 0; j < outputGradients.Length; j++)
        {
            gradients[offset + source.Length * outputGradients.Length + j] += outputGradients[j];
            for (var i = 0; i < source.Length; i++) gradients[offset + i * outputGradients.Length + j] += source[i] * outputGradients[j];
        }
    }
}
