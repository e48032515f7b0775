using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Data;

/// <summary>What of the data reaches the network, seen from the network.</summary>
[TestClass]
public sealed class BatchReaderTests
{
    private static readonly NetworkTrainingSettings Plain = new()
    {
        Epochs = 2, BatchSize = 8, Optimizer = new Sgd { LearningRate = 1e-30 }, Normalization = Normalization.None,
    };

    [TestMethod]
    public void Every_batch_holds_the_normalised_samples_and_the_last_what_is_left()
    {
        var batches = Seen(new CountedImages(20), Plain with { Normalization = new Normalization(2, [1, 3], [0.5f, 4]) });

        CollectionAssert.AreEqual((int[])[8, 8, 4, 8, 8, 4], batches.Select(batch => batch.Length).ToArray());
        foreach (var row in batches.SelectMany(batch => batch))
        {
            var index = (int)(row[0] * 0.5f + 1) / 2 / CountedImages.Step;
            var normalised = Enumerable.Range(0, 8).Select(i => CountedImages.Value(index, i) * 2)
                .Select((value, i) => i % 2 == 0 ? (value - 1) / 0.5f : (value - 3) / 4);
            CollectionAssert.AreEqual(normalised.ToArray(), row);
        }
    }

    [TestMethod]
    public void The_order_is_another_in_every_epoch_and_the_same_for_the_same_seed()
    {
        int[] Order(ulong seed) =>
            [.. Seen(new CountedImages(20), Plain with { Seed = seed }).SelectMany(batch => batch).Select(row => (int)row[0] / CountedImages.Step)];

        var order = Order(1);

        CollectionAssert.AreEqual(order, Order(1));
        CollectionAssert.AreNotEqual(order, Order(2));
        CollectionAssert.AreNotEqual(order[..20], order[20..]);
        CollectionAssert.AreEquivalent(order[..20], order[20..]);
    }

    [TestMethod]
    public void Augmentation_comes_before_normalisation_and_differs_by_sample_and_epoch()
    {
        // Horizontal flips swap the two pixels of a row; where a sample was flipped shows in its first value.
        var samples = new CountedImages(64);
        var settings = Plain with { Augmentation = new Augmentation { FlipHorizontally = true }, Normalization = new Normalization(1, [], [2, 2]) };
        var flips = Seen(samples, settings).SelectMany(batch => batch)
            .Select(row => (Sample: (int)(row.Min() * 2) / CountedImages.Step, IsFlipped: row[0] > row[2])).ToArray();

        Assert.IsTrue(flips.Count(flip => flip.IsFlipped) is > 40 and < 88);
        var first = flips[..64].ToDictionary(flip => flip.Sample, flip => flip.IsFlipped);
        Assert.IsTrue(flips[64..].Count(flip => first[flip.Sample] != flip.IsFlipped) is > 16 and < 48);
    }

    [TestMethod]
    public void Validation_samples_are_neither_shuffled_nor_augmented_nor_mixed()
    {
        var validation = new CountedImages(12);
        List<float[]> seen = [];
        using var network = new SpyNetwork { OnForward = (rows, training) => seen.AddRange(training ? [] : rows) };
        var augmentation = new Augmentation { FlipHorizontally = true, Brightness = 0.5f };
        new NetworkTrainer(Plain with { Epochs = 1, Augmentation = augmentation, Mixup = new Mixup() }).Fit(
            network, new CountedImages(20), validation, ["even", "odd"]);

        for (var i = 0; i < 12; i++)
            CollectionAssert.AreEqual(Enumerable.Range(0, 8).Select(place => CountedImages.Value(i, place)).ToArray(), seen[i]);
    }

    [TestMethod]
    public void Mixup_gives_the_network_mixtures_of_the_batch_in_one_share()
    {
        var batches = Seen(new CountedImages(20), Plain with { Mixup = new Mixup { Alpha = 1 } });
        foreach (var row in batches.SelectMany(batch => batch))
        {
            // The values of a sample ascend by 1, and so do those of every mixture.
            for (var i = 1; i < row.Length; i++) Assert.AreEqual(row[0] + i, row[i], 1e-3);
        }

        // Every sample of a batch is a partner once, so that mixing keeps the mean of all.
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var mean = batches.Skip(3 * epoch).Take(3).SelectMany(batch => batch).Average(row => row[0]);
            Assert.AreEqual(950, mean, 0.1);
        }

        Assert.IsTrue(batches.SelectMany(batch => batch).Any(row => row[0] % 100 is > 5 and < 95));
    }

    private static float[][][] Seen(CountedImages samples, NetworkTrainingSettings settings)
    {
        List<float[][]> batches = [];
        using var network = new SpyNetwork { OnForward = (rows, _) => batches.Add(rows) };
        new NetworkTrainer(settings).Fit(network, samples, null, ["even", "odd"]);
        return [.. batches];
    }

    /// <summary>Images of 2×2×2 whose values say which sample and place they are.</summary>
    private sealed class CountedImages(int count) : ISampleSource
    {
        public const int Step = 100;

        public int Count => count;

        public ImageShape Shape => new(2, 2, 2);

        public static float Value(int index, int place) => index * Step + place;

        public int LabelOf(int index) => index % 2;

        public void CopyTo(int index, Span<float> values)
        {
            for (var i = 0; i < values.Length; i++) values[i] = Value(index, i);
        }
    }

    /// <summary>Learns nothing, and tells what it was given.</summary>
    private sealed class SpyNetwork : ITrainableNetwork, IDisposable
    {
        private readonly float[][] rows = [.. Enumerable.Range(0, 8).Select(_ => new float[8])];
        private readonly float[] weights = new float[1], gradients = new float[1];
        private readonly float[][] logits = [.. Enumerable.Range(0, 8).Select(_ => new float[2])];

        public required Action<float[][], bool> OnForward { get; init; }

        public ImageShape Input => new(2, 2, 2);

        public int Classes => 2;

        public int LargestBatch => 8;

        public ThreadTeam Team { get; } = new(2);

        public Span<float> Weights => weights;

        public Span<float> Gradients => gradients;

        public Span<float> State => [];

        public IReadOnlyList<ParameterTensor> WeightTensors { get; } = [new("none", [1], 0, Decays: true)];

        public IReadOnlyList<ParameterTensor> StateTensors => [];

        public void SetInput(int sample, ReadOnlySpan<float> values) => values.CopyTo(rows[sample]);

        public void Forward(int samples, bool training, ulong noise = 0) => OnForward([.. rows[..samples].Select(row => row.ToArray())], training);

        public Span<float> LogitsOf(int sample) => logits[sample].AsSpan(0, 2);

        public Span<float> LogitGradientsOf(int sample) => new float[2];

        public void Backward(int samples) => gradients[0] = 0;

        public void Dispose() => Team.Dispose();
    }
}
