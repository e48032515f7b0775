using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

/// <summary>Clouds of points, one around each class's own centre, drawn from a seed: learnt in no time and never perfectly.</summary>
internal sealed class DrawnSamples : ISampleSource
{
    private readonly float[][] values;
    private readonly int[] labels;

    public DrawnSamples(int count, int features = 5, int classes = 3, ulong seed = 1)
    {
        Shape = ImageShape.Vector(features);
        var centres = new SeededRandom(99);
        var centre = Enumerable.Range(0, classes * features).Select(_ => 1.5 * centres.NextNormal()).Chunk(features).ToArray();
        var random = new SeededRandom(seed);
        labels = [.. Enumerable.Range(0, count).Select(i => i < classes ? i : random.Next(classes))];
        values = [.. labels.Select(label => centre[label].Select(value => (float)(value + random.NextNormal())).ToArray())];
    }

    public int Count => labels.Length;

    public ImageShape Shape { get; }

    /// <summary>The class numbers; may be changed.</summary>
    public int[] Labels => labels;

    /// <summary>The values; may be changed.</summary>
    public float[][] Values => values;

    /// <summary>The weight of a sample.</summary>
    public Func<int, float> Weight { get; init; } = _ => 1;

    /// <summary>Is called with every sample that is read.</summary>
    public Action<int> OnRead { get; init; } = _ => { };

    public static string[] Names(int classes = 3) => [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];

    public int LabelOf(int index) => labels[index];

    public float WeightOf(int index) => Weight(index);

    public void CopyTo(int index, Span<float> target)
    {
        OnRead(index);
        values[index].CopyTo(target);
    }
}
