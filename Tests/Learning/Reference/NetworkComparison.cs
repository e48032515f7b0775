using System.Collections.Concurrent;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Computes the same with an engine and with a <see cref="ReferenceNetwork"/>, and compares.</summary>
internal static class NetworkComparison
{
    private static readonly ConcurrentDictionary<NetworkCase, StepNumbers[]> Expected = [];

    /// <summary>Two steps of training, the second with a sample less (so that nothing of the first may linger), then logits as in use; each
    /// time logits, running statistics and gradients must agree.</summary>
    /// <param name="case">The network and its batch.</param>
    /// <param name="engine">What is tried.</param>
    /// <param name="tolerance">The most that a number may be off, as a share of the largest of its tensor's layer. Single precision rounds by
    /// 6·10⁻⁸, and sums of thousands of terms by some ten times that.</param>
    public static void AssertEqualsReference(NetworkCase @case, NetworkEngine engine, double tolerance = 2e-5)
    {
        using var team = new ThreadTeam(2);
        var fast = engine.Create(@case.MakeNetwork(), @case.Samples, team);
        using var disposable = fast as IDisposable;
        foreach (var (step, expected) in Expected.GetOrAdd(@case, Compute).Index())
        {
            var (samples, training) = Steps(@case)[step];
            AssertNear($"Logits of step {step}", expected.Logits, Forward(fast, @case.MakeInputs(samples, step), samples, training), tolerance);
            AssertTensors($"State after step {step}", @case.Shape.State, expected.State, fast.State, tolerance);
            if (!training) continue;
            var gradients = Backward(fast, @case.MakeLogitGradients(samples, step), samples);
            AssertTensors($"Gradients of step {step}", @case.Shape.Weights, expected.Gradients, gradients, tolerance);
        }
    }

    /// <summary>The logits of samples that lie one after the other.</summary>
    public static float[] Forward(ITrainableNetwork network, double[] inputs, int samples, bool training, ulong noise = 0)
    {
        var size = network.Input.Size;
        var values = Array.ConvertAll(inputs, value => (float)value);
        for (var sample = 0; sample < samples; sample++) network.SetInput(sample, values.AsSpan(sample * size, size));
        network.Forward(samples, training, noise);
        return [.. Enumerable.Range(0, samples).SelectMany(sample => network.LogitsOf(sample).ToArray())];
    }

    /// <summary>The gradients of the weights.</summary>
    public static float[] Backward(ITrainableNetwork network, double[] logitGradients, int samples)
    {
        var values = Array.ConvertAll(logitGradients, value => (float)value);
        for (var sample = 0; sample < samples; sample++) values.AsSpan(sample * network.Classes, network.Classes).CopyTo(network.LogitGradientsOf(sample));
        network.Backward(samples);
        return network.Gradients.ToArray();
    }

    private static (int Samples, bool Training)[] Steps(NetworkCase @case) =>
        [(@case.Samples, true), (Math.Max(1, @case.Samples - 1), true), (@case.Samples, false)];

    private static StepNumbers[] Compute(NetworkCase @case)
    {
        var reference = new ReferenceNetwork(@case.Shape, @case.MakeWeights(), @case.MakeState());
        return [.. Steps(@case).Select((step, index) =>
        {
            var logits = reference.Forward(@case.MakeInputs(step.Samples, index), step.Samples, step.Training);
            if (step.Training) reference.Backward(@case.MakeLogitGradients(step.Samples, index));
            return new StepNumbers(logits, [.. reference.State], [.. reference.Gradients]);
        })];
    }

    // A bias before batch normalisation has no gradient but rounding: it is measured by the weights of its layer, and all by a hundredth of the largest.
    private static void AssertTensors(string what, IReadOnlyList<ParameterTensor> tensors, double[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        var floor = expected.Length == 0 ? 0 : Largest(expected) / 100;
        foreach (var layer in tensors.GroupBy(tensor => tensor.Name[..tensor.Name.LastIndexOf('.')]))
        {
            var scale = Math.Max(floor, layer.Max(tensor => Largest(expected.AsSpan(tensor.Offset, tensor.Length))));
            foreach (var tensor in layer)
            {
                AssertNear(
                    $"{what}, {tensor.Name}", expected.AsSpan(tensor.Offset, tensor.Length), actual.Slice(tensor.Offset, tensor.Length), tolerance, scale);
            }
        }
    }

    private static void AssertNear(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance) =>
        AssertNear(what, expected, actual, tolerance, Largest(expected));

    private static void AssertNear(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, double scale)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        var (worst, place) = (0.0, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(expected[i] - actual[i]);
            if (!(difference <= worst)) (worst, place) = (difference, i);
            if (double.IsNaN(difference)) break;
        }

        if (!(worst <= tolerance * scale))
        {
            Assert.Fail(
                $"{what}[{place}] of {expected.Length} is {actual[place]:G9} and should be {expected[place]:G9}: "
                + $"off by {worst / scale:G3} of the largest, {scale:G3}; {tolerance:G3} is allowed.");
        }
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private sealed record StepNumbers(double[] Logits, double[] State, double[] Gradients);
}
