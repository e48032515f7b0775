using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.MLNet;

/// <summary>A row that no classifier can be sure of.</summary>
public sealed class NoisyRow
{
    public string Id { get; set; } = "";

    /// <summary>Ten rows in a row share one.</summary>
    public string Group { get; set; } = "";

    [VectorType(4)]
    public float[] Features { get; set; } = [0, 0, 0, 0];

    [KeyType(4)]
    public uint Label { get; set; }
}

/// <summary>Four classes at the corners of a square, so noisy that more than half of the rows lie nearer to another corner; two features say nothing.</summary>
internal static class NoisyRows
{
    public static IDataView View(MLContext ml, int count, int seed) => ml.Data.LoadFromEnumerable(Draw(count, seed).ToArray());

    private static IEnumerable<NoisyRow> Draw(int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var label = i % 4;
            yield return new()
            {
                Id = $"row {i}",
                Group = $"group {i / 10}",
                Label = (uint)label,
                Features = [(label & 1) + Normal(random), (label >> 1) + Normal(random), Normal(random), Normal(random)],
            };
        }
    }

    // Box and Muller 1958.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
