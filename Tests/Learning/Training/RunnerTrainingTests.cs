using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

/// <summary>The loop around the fast engine: a small network with all that carries state.</summary>
[TestClass]
public sealed class RunnerTrainingTests
{
    private static readonly NetworkDefinition Small = new()
    {
        Name = "small",
        Layers =
        [
            new Convolution { Filters = 8, Padding = Padding.Same, Bias = false }, new BatchNormalization(), new Relu(), new MaxPooling(),
            new Flatten(), new Dense { Units = 24 }, new Relu(), new Dropout { Rate = 0.3f }, new Dense(),
        ],
    };

    private static readonly NetworkTrainingSettings Everything = Runs.Everything with
    {
        Normalization = new Normalization(1 / 128f, [1], [1]),
        Augmentation = new Augmentation { ShiftPixels = 1, RotateDegrees = 10, NoiseDeviation = 5 },
    };

    [TestMethod]
    [DataRow(2), DataRow(3)]
    public void Weights_are_the_same_to_the_bit_with_any_number_of_threads(int threads) =>
        Runs.AreSame(Trained(Everything), Trained(Everything, threads));

    [TestMethod]
    public void Interrupted_after_every_batch_and_resumed_the_weights_are_the_same_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        var settings = Everything with { Checkpoints = new CheckpointSettings { Folder = folder["run"], Start = CheckpointStart.ResumeOrNew } };
        Outcome outcome;
        var runs = 0;
        do
        {
            // After the first run the network's own numbers do not matter: all comes from the checkpoint.
            using var source = new CancellationTokenSource();
            outcome = Trained(settings, seed: runs++ == 0 ? 3 : 9, cancellation: source.Token, progress: _ => source.Cancel());
        }
        while (outcome.Result.Stop == StopReason.Cancelled);

        Runs.AreSame(Trained(Everything), outcome);
    }

    [TestMethod]
    public void A_checkpoint_of_another_architecture_with_the_same_tensors_is_refused()
    {
        using var folder = new TemporaryFolder();
        var settings = Everything with { Checkpoints = new CheckpointSettings { Folder = folder["run"], Start = CheckpointStart.ResumeOrNew } };
        Trained(settings);
        var other = Small with { Layers = [.. Small.Layers.Select(layer => layer is Dropout ? new Dropout { Rate = 0.4f } : layer)] };

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Trained(settings, definition: other));
        StringAssert.Contains(error.Message, "network definition was");
    }

    [TestMethod]
    public void The_history_names_the_network_and_survives_its_file_form()
    {
        var history = Trained(Everything).History;
        Assert.AreEqual("small", history.Network);
        Assert.AreEqual(NetworkShape.Of(Small, new ImageShape(8, 8, 1), 3).WeightCount, history.ParameterCount);
        Assert.AreEqual(Runs.Numbers(history), Runs.Numbers(TrainingHistory.Parse(history.ToJson())));
    }

    [TestMethod]
    public void After_its_first_batches_an_epoch_allocates_nothing()
    {
        var settings = Everything with { Epochs = 1, BatchesPerRecord = 0, BatchSize = 5 };
        Assert.AreEqual(0, Allocation.Least(() =>
        {
            var allocated = new long[50];
            var reads = 0;
            Trained(settings, onRead: _ => allocated[reads++] = GC.GetAllocatedBytesForCurrentThread());
            return allocated[49] - allocated[14];
        }));
    }

    private static Outcome Trained(
        NetworkTrainingSettings settings,
        int threads = 1,
        int seed = 3,
        NetworkDefinition? definition = null,
        Action<int>? onRead = null,
        Action<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var team = new ThreadTeam(threads);
        var network = Network.Create(NetworkShape.Of(definition ?? Small, new ImageShape(8, 8, 1), 3), seed);
        using var runner = new NetworkRunner(network, 40, team);
        var result = new NetworkTrainer(settings).Fit(
            runner,
            new DrawnImages(50, 1) { OnRead = onRead },
            new DrawnImages(32, 2),
            DrawnSamples.Names(),
            progress is null ? null : new Runs.Reporting(progress),
            cancellation);
        return new Outcome(result, [.. network.Weights], [.. network.State]);
    }

    /// <summary>Bars that lie, stand or lean, in noise.</summary>
    private sealed class DrawnImages(int count, ulong seed) : ISampleSource
    {
        public Action<int>? OnRead { get; init; }

        public int Count => count;

        public ImageShape Shape => new(8, 8, 1);

        public int LabelOf(int index) => index % 3;

        public void CopyTo(int index, Span<float> values)
        {
            OnRead?.Invoke(index);
            var random = new SeededRandom(SeededRandom.Key(seed, (ulong)index));
            var place = 1 + random.Next(6);
            for (var i = 0; i < values.Length; i++)
            {
                var (y, x) = (i / 8, i % 8);
                var isOn = LabelOf(index) switch { 0 => y == place, 1 => x == place, _ => (x + y) % 8 == place };
                values[i] = (isOn ? 150 : 0) + 100 * random.NextSingle();
            }
        }
    }
}
