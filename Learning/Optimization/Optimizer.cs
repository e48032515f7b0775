using System.Runtime.Intrinsics;

namespace MLPipelines.Learning;

/// <summary>Moves a network's weights by its gradients, and keeps what the rule remembers between steps.</summary>
/// <remarks>
/// The weights are cut into fixed chunks that the network's threads take; in each, decay, clipping and update are one pass. The result does
/// not depend on the number of threads. A step allocates nothing.
/// </remarks>
public sealed class Optimizer
{
    private const double NormOffset = 1e-6;

    private readonly OptimizerSettings settings;
    private readonly ITrainableNetwork network;
    private readonly GradientClipping? clipping;
    private readonly WeightChunk[] chunks;
    private readonly double[] squares;
    private readonly float[] watches;
    private readonly Action<int, int> updateChunk;
    private readonly Action<int, int> squareChunk;
    private UpdateStep step;

    /// <summary>An optimiser that has made no step.</summary>
    /// <param name="settings">The rule.</param>
    /// <param name="network">Whose weights it moves.</param>
    /// <param name="clipping">Holds gradients down first.</param>
    public Optimizer(OptimizerSettings settings, ITrainableNetwork network, GradientClipping? clipping = null)
    {
        this.settings = settings;
        this.network = network;
        this.clipping = clipping;
        chunks = WeightChunk.Of(network.WeightTensors);
        squares = new double[chunks.Length];
        watches = new float[chunks.Length];
        updateChunk = UpdateChunk;
        squareChunk = SquareChunk;
        Moments = [.. Enumerable.Range(0, settings.MomentCount).Select(_ => new float[network.Weights.Length])];
    }

    /// <summary>How many steps were made.</summary>
    public long Steps { get; private set; }

    /// <summary>What is remembered for each weight: nothing, one number (momentum or size) or two (mean and size).</summary>
    public IReadOnlyList<float[]> Moments { get; }

    /// <summary>The norm of the last gradient before it was clipped; NaN where clipping by norm is not asked for.</summary>
    public double GradientNorm { get; private set; } = double.NaN;

    /// <summary>Makes a step.</summary>
    /// <param name="learningRate">At least 0; 0 leaves the weights and still moves the moments.</param>
    /// <returns>Whether all gradients and the new weights are finite. If not, the weights are spoilt.</returns>
    public bool Update(double learningRate)
    {
        step = new UpdateStep(++Steps, learningRate, NormFactor(), (float)(clipping?.Value ?? double.PositiveInfinity));
        network.Team.For(chunks.Length, updateChunk);
        var watch = 0f;
        foreach (var value in watches) watch += value;
        return !float.IsNaN(watch);
    }

    /// <summary>Goes on from where another optimiser stood: fill <see cref="Moments"/> and say how many steps it had made.</summary>
    internal void Restore(long steps) => Steps = steps;

    private float NormFactor()
    {
        if (clipping?.GlobalNorm is not { } limit) return 1;
        network.Team.For(chunks.Length, squareChunk);
        var sum = 0.0;
        foreach (var value in squares) sum += value;
        GradientNorm = Math.Sqrt(sum);
        return (float)Math.Min(1, limit / (GradientNorm + NormOffset));
    }

    private void UpdateChunk(int index, int worker)
    {
        var chunk = chunks[index];
        var run = new WeightRun(
            network.Weights.Slice(chunk.Start, chunk.Length), network.Gradients.Slice(chunk.Start, chunk.Length), Moment(0), Moment(1), chunk.Decays);
        watches[index] = settings.Update(step, run);

        Span<float> Moment(int which) => which < Moments.Count ? Moments[which].AsSpan(chunk.Start, chunk.Length) : [];
    }

    private void SquareChunk(int index, int worker) =>
        squares[index] = SumOfSquares(network.Gradients.Slice(chunks[index].Start, chunks[index].Length));

    /// <summary>Σ x², every square and sum in double; eight sums side by side on every processor, so that the order is the same on all.</summary>
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sums = Vector512<double>.Zero;
        var whole = values.Length / Vector256<float>.Count * Vector256<float>.Count;
        for (var i = 0; i < whole; i += Vector256<float>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(values.Slice(i, Vector256<float>.Count)));
            var wide = Vector512.Create(lower, upper);
            sums += wide * wide;
        }

        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++) sum += sums[lane];
        foreach (var value in values[whole..]) sum += (double)value * value;
        return sum;
    }
}
