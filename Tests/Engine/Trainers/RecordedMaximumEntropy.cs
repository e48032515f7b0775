using System.Text.Json;

namespace MLPipelines.Tests.Engine.Trainers;

/// <summary>What scikit-learn found; see Tests/Recorded/engine/maxent.py.</summary>
internal sealed record RecordedMaximumEntropy(double[][] Weights, double[] Biases, double[][] Probabilities)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true };

    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded", "engine", "maxent.json"))).RootElement;

    public static RecordedMaximumEntropy Of(string name) => Root.GetProperty(name).Deserialize<RecordedMaximumEntropy>(Names)!;

    public static Labelled[] Rows(string dataSet)
    {
        var (features, labels, weights) = Root.GetProperty(dataSet).Deserialize<DataSet>(Names)!;
        return [.. features.Select((row, index) => new Labelled(row, labels[index], weights?[index] ?? 1))];
    }

    private sealed record DataSet(float[][] Features, int[] Labels, float[]? Weights);
}
