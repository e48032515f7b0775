using System.Diagnostics;
using MLPipelines.Learning;

namespace MLPipelines.Benchmarks;

/// <summary>Against PyTorch (<c>peers/train_torch.py</c>): training on random data, one batch after the other — gather its rows, forward, loss,
/// backward, optimiser step.</summary>
internal static class TrainingBenchmark
{
    private static readonly NetworkDefinition[] ReadyMade =
        [ReadyMadeNetworks.Mlp, ReadyMadeNetworks.TutorialCnn, ReadyMadeNetworks.CompactCnn, ReadyMadeNetworks.SmallResNet];

    /// <summary>The definition of a ready-made network, or of a file.</summary>
    public static NetworkDefinition Definition(string network) => ReadyMade.FirstOrDefault(made => made.Name == network) ?? NetworkDefinition.Read(network);

    /// <summary>Milliseconds of each batch, and the arithmetic per second that follows from their median.</summary>
    /// <param name="settings">What is trained, and how often.</param>
    /// <param name="withPeak">Whether the machine's peak is measured too, before and after.</param>
    public static void Run(TrainingBenchmarkSettings settings, bool withPeak)
    {
        using var team = new ThreadTeam(settings.Threads);
        var network = Network.Create(NetworkShape.Of(Definition(settings.Network), settings.Input, settings.Classes), seed: 1);
        using var runner = new NetworkRunner(network, settings.Batch, team);
        var variant = $"{network.Shape.Definition.Name} {settings.Optimizer} batch {settings.Batch}";
        var peak = withPeak ? MultiplyAddPeak.Measure(team) : double.NaN;
        var seconds = new Trainer(runner, settings).TimeBatches();
        if (withPeak) peak = Math.Max(peak, MultiplyAddPeak.Measure(team));

        Measurement.Print("train", variant, team.Count, seconds.Select(value => 1000 * value), "ms/batch");
        var gigaflops = seconds.Select(value => settings.Batch * FlopsOfASample(network.Shape) / value / 1e9).ToArray();
        Measurement.Print("train", $"{variant} arithmetic", team.Count, gigaflops, "GFLOP/s");
        if (!withPeak) return;
        Measurement.Print("train", "multiply-add peak", team.Count, [peak], "GFLOP/s");
        Measurement.Print("train", $"{variant} share of the peak", team.Count, gigaflops.Select(value => value / peak), "fraction");
    }

    /// <summary>Two operations for every multiply-add of convolutions and dense layers: once forward, once for the gradient of the weights, and once
    /// for that of the input, which nobody asks for where nothing is learnt before.</summary>
    public static double FlopsOfASample(NetworkShape shape) => 2.0 * MultiplyAdds(shape.Layers, isLearntBefore: false);

    private static long MultiplyAdds(IReadOnlyList<LayerShape> layers, bool isLearntBefore)
    {
        var sum = 0L;
        foreach (var layer in layers)
        {
            if (layer.Definition is Convolution or Dense) sum += layer.MultiplyAdds * (isLearntBefore ? 3 : 2);
            foreach (var branch in layer.Branches) sum += MultiplyAdds(branch, isLearntBefore);
            isLearntBefore |= layer.Flattened.Any(each => each.Weights.Count > 0);
        }

        return sum;
    }

    /// <summary>A training without history, validation or augmentation: what PyTorch's script does.</summary>
    private sealed class Trainer
    {
        private readonly NetworkRunner network;
        private readonly TrainingBenchmarkSettings settings;
        private readonly Optimizer optimizer;
        private readonly Loss loss = new CrossEntropyLoss();
        private readonly float[] images;
        private readonly int[] labels;
        private readonly int[] order;
        private readonly double[] losses;
        private readonly Action<int, int> gather;
        private readonly Action<int, int> compare;
        private int first;

        public Trainer(NetworkRunner network, TrainingBenchmarkSettings settings)
        {
            (this.network, this.settings) = (network, settings);
            optimizer = new Optimizer(OptimizerOf(settings.Optimizer), network);
            var random = new SeededRandom(1);
            images = new float[checked(settings.Rows * settings.Input.Size)];
            foreach (ref var value in images.AsSpan()) value = random.NextSingle();
            labels = [.. Enumerable.Range(0, settings.Rows).Select(_ => random.Next(settings.Classes))];
            order = [.. Enumerable.Range(0, settings.Rows)];
            random.Shuffle(order.AsSpan());
            losses = new double[settings.Batch];
            (gather, compare) = (Gather, Compare);
        }

        public double[] TimeBatches()
        {
            var rate = OptimizerOf(settings.Optimizer).LearningRate;
            var seconds = new double[settings.Batches];
            var begin = Stopwatch.GetTimestamp();
            for (int batch = 0, timed = 0; timed < seconds.Length; batch++)
            {
                var isWarm = Stopwatch.GetElapsedTime(begin).TotalSeconds >= settings.WarmUpSeconds;
                first = (int)((long)batch * settings.Batch % (settings.Rows - settings.Batch));
                var start = Stopwatch.GetTimestamp();
                network.Team.For(settings.Batch, gather);
                network.Forward(settings.Batch, training: true, noise: (ulong)batch);
                network.Team.For(settings.Batch, compare);
                network.Backward(settings.Batch);
                var isFinite = optimizer.Update(rate);
                if (isWarm) seconds[timed++] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (!isFinite || !double.IsFinite(losses.Sum())) throw new InvalidDataException($"The loss of batch {batch} is not finite; train with another optimizer.");
            }

            return seconds;
        }

        private void Gather(int sample, int worker)
        {
            var size = settings.Input.Size;
            network.SetInput(sample, images.AsSpan(order[first + sample] * size, size));
        }

        private void Compare(int sample, int worker) => losses[sample] = loss.Of(
            network.LogitsOf(sample), new SampleTarget(labels[order[first + sample]]), [], network.LogitGradientsOf(sample), 1.0 / settings.Batch);

        private static OptimizerSettings OptimizerOf(string name) => name switch
        {
            "rmsprop" => new RmsProp(),
            "adam" => new Adam(),
            "sgd" => new Sgd { LearningRate = 0.01, Momentum = 0.9 },
            _ => throw new ArgumentException($"The optimizer '{name}' is not known; it must be rmsprop, adam or sgd."),
        };
    }
}

/// <summary>What <see cref="TrainingBenchmark"/> trains.</summary>
/// <param name="Network">mlp, tutorial-cnn, cnn, resnet, or a JSON file.</param>
/// <param name="Input">A sample.</param>
/// <param name="Classes">How many classes.</param>
/// <param name="Rows">How many samples there are.</param>
/// <param name="Batch">Samples of a batch.</param>
/// <param name="Optimizer">rmsprop, adam or sgd, with the constants of the peer's.</param>
/// <param name="Threads">How many.</param>
/// <param name="WarmUpSeconds">How long batches are trained before those that count: the JIT compiles hot code again in the background.</param>
/// <param name="Batches">How many are timed.</param>
internal sealed record TrainingBenchmarkSettings(
    string Network, ImageShape Input, int Classes, int Rows, int Batch, string Optimizer, int Threads, double WarmUpSeconds, int Batches);
