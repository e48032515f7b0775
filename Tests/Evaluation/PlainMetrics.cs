using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

/// <summary>The metrics of scores straight from their definitions, in quadratic time: what the fast ones must equal.</summary>
internal static class PlainMetrics
{
    /// <summary>Over all pairs of a row of the class and a row of another: 1 if the first scores higher, one half if both score the same.</summary>
    public static double RocAuc(ScoredRows rows, int c)
    {
        double sum = 0, pairs = 0;
        foreach (var one in Used(rows).Where(row => rows.Label(row) == c))
        {
            foreach (var other in Used(rows).Where(row => rows.Label(row) != c))
            {
                var weight = rows.Weight(one) * rows.Weight(other);
                var (mine, theirs) = (rows.Scores(one)[c], rows.Scores(other)[c]);
                sum += weight * (mine > theirs ? 1 : mine == theirs ? 0.5 : 0);
                pairs += weight;
            }
        }

        return sum / pairs;
    }

    /// <summary>At each distinct score, from the highest down: the precision of all rows at or above it, times the recall gained there.</summary>
    public static double AveragePrecision(ScoredRows rows, int c)
    {
        var all = Used(rows).Where(row => rows.Label(row) == c).Sum(rows.Weight);
        double sum = 0, recallBefore = 0;
        foreach (var threshold in Used(rows).Where(row => rows.Weight(row) > 0).Select(row => rows.Scores(row)[c]).Distinct().OrderDescending())
        {
            int[] above = [.. Used(rows).Where(row => rows.Scores(row)[c] >= threshold)];
            var right = above.Where(row => rows.Label(row) == c).Sum(rows.Weight);
            sum += ((right / all) - recallBefore) * (right / above.Sum(rows.Weight));
            recallBefore = right / all;
        }

        return all > 0 ? sum : double.NaN;
    }

    public static double LogLoss(ScoredRows rows) => Mean(rows, row =>
    {
        double[] clipped = [.. rows.Scores(row).ToArray().Select(score => Math.Min(Math.Max(score, Math.Pow(2, -52)), 1 - Math.Pow(2, -52)))];
        return -Math.Log(clipped[rows.Label(row)] / clipped.Sum());
    });

    public static double Brier(ScoredRows rows) => Mean(
        rows, row => rows.Scores(row).ToArray().Index().Sum(pair => Math.Pow(pair.Item - (pair.Index == rows.Label(row) ? 1 : 0), 2)));

    /// <summary>Whether the true class is among the first k when the classes are sorted by score, stably.</summary>
    public static double TopK(ScoredRows rows, int k) => Mean(
        rows, row => rows.Scores(row).ToArray().Index().OrderByDescending(pair => pair.Item).Take(k)
            .Any(pair => pair.Index == rows.Label(row)) ? 1 : 0);

    private static double Mean(ScoredRows rows, Func<int, double> valueOf) =>
        Used(rows).Sum(row => rows.Weight(row) * valueOf(row)) / Used(rows).Sum(rows.Weight);

    private static IEnumerable<int> Used(ScoredRows rows) => Enumerable.Range(0, rows.Count).Where(row => rows.State(row) == RowState.Used);
}
