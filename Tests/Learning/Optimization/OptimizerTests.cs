using System.Text.Json;
using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Optimization;

[TestClass]
public sealed class OptimizerTests
{
    private static readonly JsonElement Recorded = RecordedJson.Read("optimization.json");
    private static readonly JsonSerializerOptions AnyOrder = new() { AllowOutOfOrderMetadataProperties = true };

    public static IEnumerable<string> Cases =>
        Recorded.GetProperty("optimizers").EnumerateArray().Select(one => one.GetProperty("name").GetString()!);

    [TestMethod, DynamicData(nameof(Cases))]
    public void Every_step_moves_the_weights_as_torch_does(string name)
    {
        var recorded = Recorded.GetProperty("optimizers").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        using var network = new BareNetwork(Recorded.GetProperty("decaying").GetInt32(), Recorded.GetProperty("start").Floats());
        var (settings, clipping) = SettingsOf(name, recorded.GetProperty("settings"));
        var optimizer = new Optimizer(settings, network, clipping);

        foreach (var (gradient, expected) in Recorded.GetProperty("gradients").Rows().Zip(recorded.GetProperty("after").Rows()))
        {
            gradient.CopyTo(network.Gradients);
            Assert.IsTrue(optimizer.Update(settings.LearningRate));
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], network.Weights[i], 2e-6 * Math.Max(1, Math.Abs(expected[i])), $"step {optimizer.Steps}, weight {i}");
        }
    }

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(3)]
    public void The_result_is_the_same_to_the_bit_with_any_number_of_threads(int threads)
    {
        CollectionAssert.AreEqual(Moved(1, new AdamW { WeightDecay = 0.1 }), Moved(threads, new AdamW { WeightDecay = 0.1 }));
        CollectionAssert.AreEqual(Moved(1, new RmsProp()), Moved(threads, new RmsProp()));
        CollectionAssert.AreEqual(Moved(1, new RmsProp { Momentum = 0.9 }), Moved(threads, new RmsProp { Momentum = 0.9 }));
    }

    [TestMethod]
    public void A_weight_moves_the_same_wherever_in_the_network_it_stands()
    {
        // 41 equal weights and gradients: whole vectors of any width and a rest.
        using var network = new BareNetwork(41, [.. Enumerable.Repeat(0.7f, 41)]);
        network.Gradients.Fill(0.3f);
        var optimizer = new Optimizer(new Adam { WeightDecay = 0.01 }, network);
        for (var step = 0; step < 5; step++) optimizer.Update(0.01);

        Assert.AreEqual(1, network.Weights.ToArray().Distinct().Count());
        Assert.AreEqual(2, optimizer.Moments.Sum(moment => moment.Distinct().Count()));
    }

    [TestMethod]
    [DataRow(float.NaN), DataRow(float.PositiveInfinity), DataRow(float.NegativeInfinity)]
    public void A_gradient_that_is_not_finite_is_noticed_wherever_it_is(float bad)
    {
        OptimizerSettings[] all = [new Sgd(), new Sgd { Momentum = 0 }, new RmsProp(), new RmsProp { Momentum = 0.9 }, new Adam(), new AdamW()];
        GradientClipping?[] clippings = [null, new() { GlobalNorm = 1 }, new() { Value = 1 }];
        foreach (var (settings, clipping) in all.SelectMany(settings => clippings.Select(clipping => (settings, clipping))))
        {
            foreach (var place in (int[])[0, 18, 36])
            {
                using var network = new BareNetwork(30, new float[37]);
                network.Gradients[place] = bad;
                Assert.IsFalse(new Optimizer(settings, network, clipping).Update(0.1), $"{settings}, {clipping}, place {place}");
            }
        }
    }

    // 3² + 4² = 5²: a limit of 2.5 halves the step; a limit of 6 leaves it.
    [TestMethod]
    public void Clipping_by_norm_scales_all_gradients_by_the_same_factor()
    {
        foreach (var (limit, factor) in (ReadOnlySpan<(double, double)>)[(2.5, 0.5), (6, 1)])
        {
            using var network = new BareNetwork(1, [0, 0]);
            network.Gradients[0] = 3;
            network.Gradients[1] = -4;
            var optimizer = new Optimizer(new Sgd { Momentum = 0 }, network, new GradientClipping { GlobalNorm = limit });
            optimizer.Update(1);

            Assert.AreEqual(5, optimizer.GradientNorm, 1e-12);
            Assert.AreEqual(-3 * factor, network.Weights[0], 1e-6);
            Assert.AreEqual(4 * factor, network.Weights[1], 1e-6);
        }
    }

    private static float[] Moved(int threads, OptimizerSettings settings)
    {
        var random = new SeededRandom(5);
        using var network = new BareNetwork(100_003, [.. Enumerable.Range(0, 150_001).Select(_ => random.NextSingle() - 0.5f)], threads);
        var optimizer = new Optimizer(settings, network, new GradientClipping { GlobalNorm = 1 });
        for (var step = 0; step < 3; step++)
        {
            foreach (ref var gradient in network.Gradients) gradient = random.NextSingle() - 0.5f;
            optimizer.Update(0.01);
        }

        return network.Weights.ToArray();
    }

    private static (OptimizerSettings Settings, GradientClipping? Clipping) SettingsOf(string name, JsonElement recorded)
    {
        var members = recorded.EnumerateObject().Where(member => !member.Name.StartsWith("clip", StringComparison.Ordinal))
            .ToDictionary(member => member.Name, member => (object)member.Value);
        members["type"] = name.Split(' ')[0];
        var settings = JsonSerializer.Deserialize<OptimizerSettings>(JsonSerializer.Serialize(members), AnyOrder)!;
        GradientClipping? clipping = recorded.TryGetProperty("clip norm", out var norm) ? new() { GlobalNorm = norm.GetDouble() }
            : recorded.TryGetProperty("clip value", out var value) ? new() { Value = value.GetDouble() }
            : null;
        return (settings, clipping);
    }

    /// <summary>Weights and gradients without layers: the first so many decay.</summary>
    private sealed class BareNetwork(int decaying, float[] weights, int threads = 1) : ITrainableNetwork, IDisposable
    {
        private readonly float[] gradients = new float[weights.Length];

        public ImageShape Input => ImageShape.Vector(1);

        public int Classes => 1;

        public int LargestBatch => 1;

        public ThreadTeam Team { get; } = new(threads);

        public Span<float> Weights => weights;

        public Span<float> Gradients => gradients;

        public Span<float> State => [];

        public IReadOnlyList<ParameterTensor> WeightTensors =>
            [new("weight", [decaying], 0, Decays: true), new("bias", [weights.Length - decaying], decaying, Decays: false)];

        public IReadOnlyList<ParameterTensor> StateTensors => [];

        public void SetInput(int sample, ReadOnlySpan<float> values) => throw new NotSupportedException();

        public void Forward(int samples, bool training, ulong noise = 0) => throw new NotSupportedException();

        public Span<float> LogitsOf(int sample) => throw new NotSupportedException();

        public Span<float> LogitGradientsOf(int sample) => throw new NotSupportedException();

        public void Backward(int samples) => throw new NotSupportedException();

        public void Dispose() => Team.Dispose();
    }
}
