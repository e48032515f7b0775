using System.Diagnostics;
using System.Globalization;

namespace MLPipelines.Benchmarks;

/// <summary>Repeated timing, and the result as a line of JSON in the layout of the peers' scripts, so that both can be read by one reader.</summary>
internal static class Measurement
{
    /// <summary>The seconds that each of <paramref name="repeats"/> calls took, after one call that does not count.</summary>
    public static double[] Seconds(int repeats, Action work)
    {
        work();
        return [.. Enumerable.Range(0, repeats).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        })];
    }

    /// <summary>Several ways to do the same work, in turn: a round that does not count, then <paramref name="repeats"/> that do.</summary>
    /// <remarks>Prints each way's rates and, for all but the first, the median over the rounds of how many times as fast the first one is.</remarks>
    public static void Compare(
        string benchmark, string variant, int threads, int repeats, string unit, int items, params (string Name, Action Work)[] ways)
    {
        var rates = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= repeats; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var start = Stopwatch.GetTimestamp();
                ways[way].Work();
                if (round > 0)
                    rates[way].Add(items / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        for (var way = 0; way < ways.Length; way++)
            Print(benchmark, $"{variant}: {ways[way].Name}", threads, rates[way], unit);
        for (var way = 1; way < ways.Length; way++)
            Print(benchmark, $"{variant}: ours against {ways[way].Name}", threads, rates[0].Zip(rates[way], (one, other) => one / other), "ratio");
    }

    /// <summary>Prints the median, least and largest of the values.</summary>
    public static void Print(string benchmark, string variant, int threads, IEnumerable<double> values, string unit)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"benchmark": "{{benchmark}}", "variant": "{{variant}}", "threads": {{threads}}, "median": {{median:G6}}, "min": {{sorted[0]:G6}}, "max": {{sorted[^1]:G6}}, "unit": "{{unit}}", "n": {{sorted.Length}}}"""));
    }
}
