using System.Text.Json;

namespace MLPipelines.Tests.Learning;

/// <summary>Values recorded under <c>Tests/Recorded/Learning</c>.</summary>
internal static class RecordedJson
{
    public static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded", "Learning", name))).RootElement;

    public static double[] Doubles(this JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    public static float[] Floats(this JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetSingle())];

    public static int[] Ints(this JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    public static float[][] Rows(this JsonElement list) => [.. list.EnumerateArray().Select(row => row.Floats())];
}
