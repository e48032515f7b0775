using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>A network of <c>gradients.json</c> with what PyTorch computed for it.</summary>
public sealed record RecordedNetwork(
    JsonElement Definition, int[] Input, int Classes, int Samples, double Loss, double LossInUse, double[] State, RecordedGradient[] Gradients)
{
    /// <summary>The network with the same made-up numbers as the script's.</summary>
    public NetworkCase ToCase()
    {
        var definition = NetworkDefinition.Parse(Definition.GetRawText());
        return new NetworkCase(definition.Name, new ImageShape(Input[0], Input[1], Input[2]), Samples, [.. definition.Layers.SkipLast(1)], Classes);
    }

    /// <summary>Fails where a number is off by more than <paramref name="tolerance"/>, of the largest of its tensor or of the number itself.</summary>
    public void AssertNear(double loss, double[] gradients, double[] state, double lossInUse, NetworkShape shape, double tolerance)
    {
        Assert.AreEqual(Loss, loss, Loss * tolerance, "loss");
        Assert.AreEqual(LossInUse, lossInUse, LossInUse * tolerance, "loss in use");
        Assert.HasCount(State.Length, state);
        for (var i = 0; i < state.Length; i++) Assert.AreEqual(State[i], state[i], tolerance, $"state {i}");
        Assert.HasCount(Gradients.Length, shape.Weights);
        foreach (var (index, tensor) in shape.Weights.Index())
            Gradients[index].AssertNear(tensor, index, gradients.AsSpan(tensor.Offset, tensor.Length), tolerance);
    }

    public override string ToString() => Definition.GetProperty("name").GetString()!;
}

/// <summary>What was recorded of a gradient: its sums and some entries.</summary>
public sealed record RecordedGradient(int Length, double Sum, double SumOfSquares, double Largest, double[] Entries)
{
    public void AssertNear(ParameterTensor tensor, int index, ReadOnlySpan<double> gradient, double tolerance)
    {
        Assert.AreEqual(Length, gradient.Length, tensor.Name);
        var random = new SeededRandom(SeededRandom.Key(5, (ulong)index));
        foreach (var entry in Entries)
        {
            var place = random.Next(Length);
            Assert.AreEqual(entry, gradient[place], tolerance * Largest, $"{tensor.Name}[{place}]");
        }

        var (sum, sumOfSquares, largest) = (0.0, 0.0, 0.0);
        foreach (var value in gradient) (sum, sumOfSquares, largest) = (sum + value, sumOfSquares + value * value, Math.Max(largest, Math.Abs(value)));
        Assert.AreEqual(Largest, largest, tolerance * Largest, $"{tensor.Name}, largest");
        Assert.AreEqual(SumOfSquares, sumOfSquares, tolerance * SumOfSquares, $"{tensor.Name}, sum of squares");
        Assert.AreEqual(Sum, sum, tolerance * Math.Sqrt(Length * SumOfSquares), $"{tensor.Name}, sum; the bound is that of Cauchy and Schwarz");
    }
}
