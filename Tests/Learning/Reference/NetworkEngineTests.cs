using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Reference;

/// <summary>Every engine computes what the reference computes.</summary>
[TestClass]
public sealed class NetworkEngineTests
{
    public static IEnumerable<object[]> Cases => NetworkCases.Small.Concat(NetworkCases.Large).Select(@case => new object[] { @case });

    public static IEnumerable<object[]> EnginesAndCases => from engine in NetworkEngine.All from @case in Cases select new[] { engine, @case[0] };

    public static IEnumerable<object[]> Engines => NetworkEngine.All.Select(engine => new object[] { engine });

    [TestMethod, DynamicData(nameof(EnginesAndCases))]
    public void Logits_gradients_and_running_statistics_equal_the_references(NetworkEngine engine, NetworkCase @case) =>
        NetworkComparison.AssertEqualsReference(@case, engine);

    // Normalising a handful of values that are nearly equal magnifies rounding: hence the tolerance. What goes wrong goes wrong by more.
    [TestMethod, DynamicData(nameof(Engines))]
    public void Networks_put_together_at_random_equal_the_reference(NetworkEngine engine)
    {
        foreach (var seed in Enumerable.Range(1, 100))
        {
            var @case = RandomNetworks.Of(seed);
            try
            {
                NetworkComparison.AssertEqualsReference(@case, engine, tolerance: 2e-3);
            }
            catch (AssertFailedException error)
            {
                Assert.Fail($"Seed {seed}, {@case.Samples} samples of {@case.Input}, {@case.Shape.Definition.ToJson()}: {error.Message}");
            }
        }
    }

    // Small whole numbers are exact in single precision, and full of equal values in a window and of zeros before a ReLU.
    [TestMethod, DynamicData(nameof(Engines))]
    public void Of_equal_values_in_a_window_the_first_takes_the_gradient_and_ReLU_passes_none_at_zero(NetworkEngine engine)
    {
        foreach (var pooling in new[] { new MaxPooling(), new MaxPooling { Size = 3, Stride = 2 }, new MaxPooling { Size = 2, Stride = 1 } })
        foreach (var layers in new LayerDefinition[][] { [pooling, new Relu()], [new Relu(), pooling], [pooling] })
        {
            var @case = new NetworkCase("ties", new ImageShape(9, 8, 2), 3, [new Convolution { Filters = 18 }, .. layers]);
            double[] weights = Whole(@case.MakeWeights(), 2), inputs = Whole(@case.MakeInputs(3), 2), logitGradients = Whole(@case.MakeLogitGradients(3), 4);
            var reference = new ReferenceNetwork(@case.Shape, weights, []);
            using var team = new ThreadTeam(1);
            var network = engine.Create(new Network(@case.Shape, Array.ConvertAll(weights, value => (float)value), []), 3, team);
            using var disposable = network as IDisposable;

            var logits = NetworkComparison.Forward(network, inputs, 3, training: true);
            var gradients = NetworkComparison.Backward(network, logitGradients, 3);

            CollectionAssert.AreEqual(reference.Forward(inputs, 3, training: true), Array.ConvertAll(logits, value => (double)value));
            CollectionAssert.AreEqual(reference.Backward(logitGradients), Array.ConvertAll(gradients, value => (double)value));
        }
    }

    // With inputs of 1 and the identity as last layer the logits are dropout's factors, and the gradient of that layer shows what passed.
    [TestMethod, DynamicData(nameof(Engines))]
    public void Dropout_drops_its_share_anew_for_each_noise_and_nothing_in_use(NetworkEngine engine)
    {
        const int Width = 60, Samples = 50;
        var shape = NetworkShape.Of(
            new NetworkDefinition { Layers = [new Dropout { Rate = 0.2f }, new Dense { Bias = false }] }, ImageShape.Vector(Width), Width);
        float[] identity = [.. Enumerable.Range(0, Width * Width).Select(i => i % Width == i / Width ? 1 : 0)];
        double[] inputs = [.. Enumerable.Repeat(1.0, Width * Samples)];
        using var team = new ThreadTeam(2);
        var network = engine.Create(new Network(shape, identity, []), Samples, team);
        using var disposable = network as IDisposable;

        var factors = NetworkComparison.Forward(network, inputs, Samples, training: true, noise: 7);

        Assert.IsTrue(factors.All(factor => factor == 0 || Math.Abs(factor - 1.25) < 1e-6));
        Assert.AreEqual(0.2, factors.Average(factor => factor == 0 ? 1.0 : 0), 0.04, "four deviations of the mean of 3000 draws are 0.03");
        CollectionAssert.AreEqual(factors, NetworkComparison.Forward(network, inputs, Samples, training: true, noise: 7));
        CollectionAssert.AreNotEqual(factors, NetworkComparison.Forward(network, inputs, Samples, training: true, noise: 8));
        CollectionAssert.AreEqual(Array.ConvertAll(inputs, value => (float)value), NetworkComparison.Forward(network, inputs, Samples, training: false));
    }

    // The first dropout's factors are read from logits while the last layer is the identity; then all is compared with the reference under that mask.
    [TestMethod, DynamicData(nameof(Engines))]
    public void Gradients_pass_dropout_where_values_did(NetworkEngine engine)
    {
        const int Width = 12, Samples = 5;
        var @case = new NetworkCase("dropout", ImageShape.Vector(7), Samples, [new Dense { Units = Width }, new Dropout { Rate = 0.5f }], Width);
        var (weights, inputs, logitGradients) = (@case.MakeWeights(), @case.MakeInputs(Samples), @case.MakeLogitGradients(Samples));
        var last = @case.Shape.Weights[2];
        for (var i = 0; i < last.Length; i++) weights[last.Offset + i] = i % Width == i / Width ? 1 : 0;
        Array.Clear(weights, last.Offset + last.Length, Width);
        using var team = new ThreadTeam(2);
        var network = engine.Create(new Network(@case.Shape, Array.ConvertAll(weights, value => (float)value), []), Samples, team);
        using var disposable = network as IDisposable;

        var logits = NetworkComparison.Forward(network, inputs, Samples, training: true, noise: 3);
        var gradients = NetworkComparison.Backward(network, logitGradients, Samples);

        var reference = new ReferenceNetwork(@case.Shape, weights, [], (_, sample, position) => logits[sample * Width + position] != 0);
        var expectedLogits = reference.Forward(inputs, Samples, training: true);
        var expected = reference.Backward(logitGradients);
        for (var i = 0; i < logits.Length; i++) Assert.AreEqual(expectedLogits[i], logits[i], 1e-5, $"logit {i}");
        for (var i = 0; i < gradients.Length; i++) Assert.AreEqual(expected[i], gradients[i], 1e-5, $"gradient {i}");
    }

    [TestMethod, DynamicData(nameof(EnginesAndCases))]
    public void The_number_of_threads_changes_no_bit(NetworkEngine engine, NetworkCase @case)
    {
        var alone = ComputeWith(1);
        foreach (var threads in new[] { 2, 3 }) CollectionAssert.AreEqual(alone, ComputeWith(threads), $"{threads} threads");

        float[] ComputeWith(int threads)
        {
            using var team = new ThreadTeam(threads);
            var network = engine.Create(@case.MakeNetwork(), @case.Samples, team);
            using var disposable = network as IDisposable;
            return StepOf(network, @case);
        }
    }

    // A step's last digits are the same on AVX-512 and AVX2, says VectorSet; with it goes what dropout drops.
    [TestMethod, DynamicData(nameof(Cases))]
    public void The_width_of_the_vectors_changes_no_bit(NetworkCase @case)
    {
        @case = @case.WithDropout(0.3f);
        if (!VectorSet.IsFused) Assert.Inconclusive("This processor has no fused multiply-add.");
        using var team = new ThreadTeam(1);
        var widest = ComputeWith(VectorSet.All[0]);
        foreach (var vectors in VectorSet.All.Skip(1)) CollectionAssert.AreEqual(widest, ComputeWith(vectors), vectors.Name);

        float[] ComputeWith(VectorSet vectors)
        {
            using var network = new NetworkRunner(@case.MakeNetwork(), @case.Samples, team, vectors);
            return StepOf(network, @case);
        }
    }

    // Several batches of several sizes, as the last one of an epoch is; a runner that has seen others computes the same as a new one.
    [TestMethod, DynamicData(nameof(Engines))]
    public void What_was_computed_before_leaves_no_trace(NetworkEngine engine)
    {
        foreach (var @case in NetworkCases.Small.Where(@case => @case.Shape.StateCount == 0))
        {
            using var team = new ThreadTeam(2);
            ITrainableNetwork fresh = engine.Create(@case.MakeNetwork(), 20, team), used = engine.Create(@case.MakeNetwork(), 20, team);
            using var disposable = fresh as IDisposable;
            using var other = used as IDisposable;
            foreach (var samples in new[] { 20, 17, 1 })
            {
                NetworkComparison.Forward(used, Array.ConvertAll(@case.MakeInputs(samples, batch: 8), value => 100 * value), samples, training: true);
                NetworkComparison.Backward(used, Array.ConvertAll(@case.MakeLogitGradients(samples, batch: 8), value => 100 * value), samples);
            }

            CollectionAssert.AreEqual(StepOf(fresh, @case), StepOf(used, @case), @case.Name);
        }
    }

    // Pixels of 0 to 255 that nobody has brought to mean 0: the mean is 60 deviations from 0, and its square 3600 times the variance.
    [TestMethod, DynamicData(nameof(Engines))]
    public void Normalisation_bears_values_far_from_zero(NetworkEngine engine)
    {
        var @case = new NetworkCase("far from zero", new ImageShape(12, 11, 3), 9, [new BatchNormalization(), new Convolution { Filters = 5 }, new Relu()]);
        double[] Far(double[] values) => Array.ConvertAll(values, value => (double)(float)(200 + 6 * value));
        var reference = new ReferenceNetwork(@case.Shape, @case.MakeWeights(), @case.MakeState());
        using var team = new ThreadTeam(2);
        var network = engine.Create(@case.MakeNetwork(), 9, team);
        using var disposable = network as IDisposable;
        var inputs = Far(@case.MakeInputs(9));

        var logits = NetworkComparison.Forward(network, inputs, 9, training: true);

        var expected = reference.Forward(inputs, 9, training: true);
        for (var i = 0; i < logits.Length; i++) Assert.AreEqual(expected[i], logits[i], 1e-4, $"logit {i}");
    }

    [TestMethod, DynamicData(nameof(Cases))]
    public void A_step_allocates_nothing_after_the_first(NetworkCase @case)
    {
        using var team = new ThreadTeam(1); // so that all is done, and counted, on this thread
        using var network = new NetworkRunner(@case.MakeNetwork(), @case.Samples, team);
        Step(network, @case.Samples);

        // The least of several: the runtime itself allocates a little the first times that code runs.
        Assert.AreEqual(0, Enumerable.Range(0, 5).Min(_ => AllocatedBy(() => Step(network, @case.Samples))));

        static long AllocatedBy(Action work)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static void Step(NetworkRunner network, int samples)
        {
            network.Forward(samples, training: true);
            network.Backward(samples);
            network.Forward(samples, training: false);
        }
    }

    [TestMethod, DynamicData(nameof(Engines))]
    public void NaN_reaches_the_logits(NetworkEngine engine)
    {
        foreach (var @case in NetworkCases.Small)
        {
            using var team = new ThreadTeam(1);
            var network = engine.Create(@case.MakeNetwork(), @case.Samples, team);
            using var disposable = network as IDisposable;
            double[] inputs = [.. Enumerable.Repeat(double.NaN, @case.Samples * @case.Input.Size)];

            foreach (var training in new[] { true, false })
                Assert.IsTrue(NetworkComparison.Forward(network, inputs, @case.Samples, training).All(float.IsNaN), $"{@case}, training: {training}");
        }
    }

    [TestMethod]
    public void The_comparison_notices_a_wrong_weight_and_a_wrong_running_statistic()
    {
        var @case = NetworkCases.Small.Single(each => each.Name == "convolution, batch normalisation, ReLU");
        NetworkEngine Broken(Action<Network> damage) => new("broken", (network, largestBatch, team) =>
        {
            damage(network);
            return new ReferenceTrainableNetwork(network, largestBatch, team);
        });

        Assert.ThrowsExactly<AssertFailedException>(() => NetworkComparison.AssertEqualsReference(@case, Broken(network => network.Weights[^1] += 0.01f)));
        Assert.ThrowsExactly<AssertFailedException>(() => NetworkComparison.AssertEqualsReference(@case, Broken(network => network.State[^1] += 0.01f)));
    }

    /// <summary>All that a step in training computes.</summary>
    private static float[] StepOf(ITrainableNetwork network, NetworkCase @case)
    {
        var logits = NetworkComparison.Forward(network, @case.MakeInputs(@case.Samples), @case.Samples, training: true, noise: 5);
        return [.. logits, .. NetworkComparison.Backward(network, @case.MakeLogitGradients(@case.Samples), @case.Samples), .. network.State];
    }

    private static double[] Whole(double[] values, int most) => Array.ConvertAll(values, value => Math.Round(value * most));
}
