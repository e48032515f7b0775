using System.Numerics.Tensors;

namespace MLPipelines.Learning;

/// <summary>Brings the samples of a source into a network, batch by batch: read, augmented, normalised, mixed.</summary>
/// <remarks>
/// The network's threads share the samples of a batch. Which samples a batch has and what becomes of them depends on the seed and the epoch
/// alone. The last batch of an epoch holds what is left. Allocates nothing after its construction.
/// </remarks>
internal sealed class BatchReader
{
    private readonly ISampleSource source;
    private readonly ITrainableNetwork network;
    private readonly Normalization normalization;
    private readonly Batch batch;
    private readonly int batchSize;
    private readonly ulong seed;
    private readonly Augmentation? augmentation;
    private readonly Mixup? mixup;
    private readonly int[] order;
    private readonly float[][] values;
    private readonly float[][] scratch;
    private readonly float[] rows;
    private readonly int[] partners;
    private readonly Action<int, int> readSample;
    private readonly Action<int, int> mixSample;
    private int epoch;
    private int first;
    private float share;

    private BatchReader(ISampleSource source, ITrainableNetwork network, NetworkTrainingSettings settings, bool forTraining)
    {
        this.source = source;
        this.network = network;
        normalization = settings.Normalization;
        batchSize = settings.BatchSize;
        seed = settings.Seed;
        augmentation = forTraining && !settings.Augmentation.IsNone ? settings.Augmentation : null;
        mixup = forTraining ? settings.Mixup : null;
        batch = new Batch(batchSize);
        order = [.. Enumerable.Range(0, source.Count)];
        values = PerWorker(source.Shape.Size);
        scratch = PerWorker(augmentation is null ? 0 : source.Shape.Size);
        rows = new float[mixup is null ? 0 : batchSize * source.Shape.Size];
        partners = new int[mixup is null ? 0 : batchSize];
        readSample = ReadSample;
        mixSample = MixSample;
        IsShuffled = forTraining;

        float[][] PerWorker(int length) => [.. Enumerable.Range(0, network.Team.Count).Select(_ => new float[length])];
    }

    /// <summary>A reader whose order and augmentation differ from epoch to epoch.</summary>
    public static BatchReader ForTraining(ISampleSource source, ITrainableNetwork network, NetworkTrainingSettings settings) =>
        new(source, network, settings, forTraining: true);

    /// <summary>A reader of the samples as they are, in their order.</summary>
    public static BatchReader ForValidation(ISampleSource source, ITrainableNetwork network, NetworkTrainingSettings settings) =>
        new(source, network, settings, forTraining: false);

    /// <summary>How many batches an epoch has.</summary>
    public int BatchCount => (order.Length + batchSize - 1) / batchSize;

    private bool IsShuffled { get; }

    /// <summary>Puts the samples into the order of an epoch.</summary>
    public void BeginEpoch(int number)
    {
        epoch = number;
        if (!IsShuffled) return;
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var random = new SeededRandom(Key(RandomPurpose.Order, 0));
        random.Shuffle(order.AsSpan());
    }

    /// <summary>Puts a batch into the network. The result is the same object each time.</summary>
    /// <param name="index">From 0 to <see cref="BatchCount"/> − 1; any order.</param>
    /// <exception cref="InvalidDataException">A sample holds a value that is NaN or infinite.</exception>
    public Batch Read(int index)
    {
        first = index * batchSize;
        batch.Count = Math.Min(batchSize, order.Length - first);
        for (var i = 0; i < batch.Count; i++)
        {
            batch.Targets[i] = new SampleTarget(source.LabelOf(order[first + i]));
            batch.Weights[i] = source.WeightOf(order[first + i]);
        }

        network.Team.For(batch.Count, readSample);
        if (mixup is not null) Mix(mixup, index);
        return batch;
    }

    private void ReadSample(int place, int worker)
    {
        var index = order[first + place];
        var size = source.Shape.Size;
        var sample = mixup is null ? values[worker] : rows.AsSpan(place * size, size);
        source.CopyTo(index, sample);
        if (!TensorPrimitives.IsFiniteAll<float>(sample)) throw NotFinite(index, sample);
        augmentation?.Apply(sample, scratch[worker], source.Shape, Key(RandomPurpose.Augmentation, (ulong)index));
        normalization.Apply(sample, source.Shape.Channels);
        if (mixup is null) network.SetInput(place, sample);
    }

    private void Mix(Mixup settings, int index)
    {
        var random = new SeededRandom(Key(RandomPurpose.Mixing, (ulong)index));
        share = (float)settings.DrawShare(ref random);
        for (var i = 0; i < batch.Count; i++) partners[i] = i;
        random.Shuffle(partners.AsSpan(0, batch.Count));
        network.Team.For(batch.Count, mixSample);

        // Labels and weights are mixed once all are known; the second label is read off before anything is overwritten.
        for (var i = 0; i < batch.Count; i++)
        {
            var partner = order[first + partners[i]];
            batch.Targets[i] = new SampleTarget(batch.Targets[i].Label, source.LabelOf(partner), share);
            batch.Weights[i] = share * source.WeightOf(order[first + i]) + (1 - share) * source.WeightOf(partner);
        }
    }

    private void MixSample(int place, int worker)
    {
        var size = source.Shape.Size;
        ReadOnlySpan<float> own = rows.AsSpan(place * size, size), other = rows.AsSpan(partners[place] * size, size);
        var mixed = values[worker].AsSpan();
        TensorPrimitives.Subtract(own, other, mixed);
        TensorPrimitives.MultiplyAdd(mixed, share, other, mixed);
        network.SetInput(place, mixed);
    }

    private ulong Key(RandomPurpose purpose, ulong item) => SeededRandom.Key(seed, (ulong)purpose, (ulong)epoch, item);

    private InvalidDataException NotFinite(int index, ReadOnlySpan<float> sample)
    {
        var place = 0;
        while (float.IsFinite(sample[place])) place++;
        return new InvalidDataException(
            $"Sample {index} (class {source.LabelOf(index)}) has the value {sample[place]} at place {place} of {sample.Length}; "
            + "expected finite numbers. Repair or leave out the sample.");
    }
}
