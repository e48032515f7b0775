using System.Runtime.InteropServices;

namespace MLPipelines.Learning;

/// <summary>Computes a network, forward and backward, on the vectors and cores of this machine.</summary>
/// <remarks>
/// It works on the network's own arrays. Results depend on the network, the batch and whether the processor has fused multiply-add, and
/// not on the number of threads or the width of its vectors. Not for several callers at once; one <see cref="ThreadTeam"/> may serve
/// several runners that take turns.
/// </remarks>
public sealed unsafe class NetworkRunner : ITrainableNetwork, IDisposable
{
    private GCHandle weights;
    private GCHandle state;
    private readonly AlignedFloats gradients;
    private readonly Step[] steps;
    private readonly Tensor input;
    private readonly Tensor output;
    private readonly Schedule trainingForward;
    private readonly Schedule useForward;
    private readonly Schedule backward;
    private Pass last;

    /// <summary>Compiles the network and reserves room for a batch.</summary>
    /// <param name="network">Its weights and state are used in place.</param>
    /// <param name="largestBatch">The most samples of a batch.</param>
    /// <param name="team">The threads; not closed with the runner.</param>
    /// <param name="vectors">The vectors to compile for; null for the widest that the machine has.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="largestBatch"/> is not from 1 to 65,536.</exception>
    /// <exception cref="NotSupportedException">A batch of this network does not fit into arrays.</exception>
    public NetworkRunner(Network network, int largestBatch, ThreadTeam team, VectorSet? vectors = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(largestBatch, 65536);
        (Network, LargestBatch, Team) = (network, largestBatch, team);
        gradients = new AlignedFloats(network.Weights.Length);
        weights = GCHandle.Alloc(network.Weights, GCHandleType.Pinned);
        state = GCHandle.Alloc(network.State, GCHandleType.Pinned);
        var parameters = new Parameters(vectors ?? VectorSet.Widest, weights.AddrOfPinnedObject(), (nint)gradients.Pointer, state.AddrOfPinnedObject());
        var compiler = new NetworkCompiler(parameters);
        compiler.Compile(network.Shape);
        steps = [.. compiler.Steps];
        (input, output) = (compiler.Tensors[0], compiler.Output);
        trainingForward = Schedule.Forward(steps, isTraining: true);
        useForward = Schedule.Forward(steps, isTraining: false);
        backward = Schedule.Backward(steps);
        MapAllocation.Allocate(compiler, (trainingForward, useForward), backward, team.Count, largestBatch);
        foreach (var step in steps) step.Build(team.Count, largestBatch);
    }

    /// <summary>What is computed.</summary>
    public Network Network { get; }

    /// <inheritdoc/>
    public NetworkDefinition Definition => Network.Shape.Definition;

    /// <inheritdoc/>
    public ImageShape Input => Network.Shape.Input;

    /// <inheritdoc/>
    public int Classes => Network.Shape.Classes;

    /// <inheritdoc/>
    public int LargestBatch { get; }

    /// <inheritdoc/>
    public ThreadTeam Team { get; }

    /// <inheritdoc/>
    public Span<float> Weights => Network.Weights;

    /// <inheritdoc/>
    public Span<float> Gradients => gradients.Span;

    /// <inheritdoc/>
    public Span<float> State => Network.State;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterTensor> WeightTensors => Network.Shape.Weights;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterTensor> StateTensors => Network.Shape.State;

    /// <inheritdoc/>
    public void SetInput(int sample, ReadOnlySpan<float> values)
    {
        var (map, shape) = (input.Values, Input);
        if (values.Length != shape.Size) throw new ArgumentException($"{values.Length} values were given for sample {sample}; {shape} needs {shape.Size}.", nameof(values));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sample, (uint)LargestBatch, nameof(sample));
        var line = shape.Width * shape.Channels;
        for (var y = 0; y < shape.Height; y++)
        {
            var to = map.Of(sample) + (long)y * map.RowStride;
            var from = values.Slice(y * line, line);
            if (map.Pitch == shape.Channels)
            {
                from.CopyTo(new Span<float>(to, line));
                continue;
            }

            for (var x = 0; x < shape.Width; x++) from.Slice(x * shape.Channels, shape.Channels).CopyTo(new Span<float>(to + (long)x * map.Pitch, shape.Channels));
        }
    }

    /// <inheritdoc/>
    public void Forward(int samples, bool training, ulong noise = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, LargestBatch);
        last = new Pass(samples, training, noise);
        foreach (var step in steps) step.Prepare(last, Team);
        (training ? trainingForward : useForward).Run(last, Team);
    }

    /// <inheritdoc/>
    public Span<float> LogitsOf(int sample) => new(output.Values.Of(sample), Classes);

    /// <inheritdoc/>
    public Span<float> LogitGradientsOf(int sample) => new(output.Gradient!.Of(sample), Classes);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The last <see cref="Forward"/> was not in training, or over other samples.</exception>
    public void Backward(int samples)
    {
        if (!last.IsTraining || last.Samples != samples)
            throw new InvalidOperationException($"Backward over {samples} samples follows a Forward in training over as many; the last was over {last.Samples}{(last.IsTraining ? "" : ", not in training")}.");
        backward.Run(last, Team);
    }

    /// <summary>Lets go of the network's arrays.</summary>
    public void Dispose()
    {
        if (weights.IsAllocated) weights.Free();
        if (state.IsAllocated) state.Free();
    }
}
