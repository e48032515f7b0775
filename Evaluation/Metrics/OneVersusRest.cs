namespace MLPipelines.Evaluation;

/// <summary>Ranks one class against the rest: exact ROC AUC and average precision, and the class's calibration error.</summary>
/// <remarks>
/// Only the rows <i>of</i> the class are sorted. Each other row then needs one search: between which of their scores does its score lie?
/// The counts of these gaps hold all that both metrics ask. A table over the leading bits of the scores makes the search short.
/// Scores are compared as the integers of their bits, which have the order of the numbers.
/// </remarks>
internal sealed class OneVersusRest
{
    private const int LargestTable = 1 << 16;

    private readonly long[] keys;
    private readonly double[] positives;
    private readonly double[] negatives;
    private readonly int[] firstOf;
    private readonly int shift;
    private readonly BinEdges edges;
    private readonly double[] binWeight;
    private readonly double[] binScore;
    private readonly double[] binPositive;
    private double negativeTotal;

    /// <param name="scoresOfClass">The scores for the class in its own rows.</param>
    /// <param name="weightsOfClass">The weights of these rows, above 0.</param>
    /// <param name="binCount">Number of bins of the calibration error.</param>
    public OneVersusRest(double[] scoresOfClass, double[] weightsOfClass, int binCount)
    {
        edges = new(binCount);
        binWeight = new double[binCount];
        binScore = new double[binCount];
        binPositive = new double[binCount];
        for (var at = 0; at < scoresOfClass.Length; at++)
        {
            var bin = edges.BinOf(scoresOfClass[at]);
            binPositive[bin] += weightsOfClass[at];
            Count(bin, scoresOfClass[at], weightsOfClass[at]);
        }

        // Distinct scores, ascending, with the weight of each.
        long[] sorted = [.. scoresOfClass.Select(KeyOf)];
        Array.Sort(sorted, weightsOfClass);
        var distinct = new List<long>();
        var weights = new List<double>();
        for (var at = 0; at < sorted.Length; at++)
        {
            if (at == 0 || sorted[at] != sorted[at - 1])
            {
                distinct.Add(sorted[at]);
                weights.Add(0);
            }

            weights[^1] += weightsOfClass[at];
        }

        keys = [.. distinct];
        positives = [.. weights];

        // At 2j: between key j − 1 and key j. At 2j + 1: equal to key j.
        negatives = new double[(2 * keys.Length) + 1];

        var span = keys.Length == 0 ? 0 : Distance(keys[0], keys[^1]);
        while (span >> shift >= (ulong)Math.Clamp(2 * keys.Length, 1, LargestTable))
            shift++;
        firstOf = new int[(int)(span >> shift) + 2];
        for (int at = 0, bucket = 0; bucket < firstOf.Length; bucket++)
        {
            while (at < keys.Length && Distance(keys[0], keys[at]) >> shift < (ulong)bucket)
                at++;
            firstOf[bucket] = at;
        }
    }

    /// <summary>Takes note of the scores for the class in rows of which those of other classes count; rows of the class are passed over.</summary>
    public void AddNegatives(ReadOnlySpan<double> scores, ReadOnlySpan<int> truth, ReadOnlySpan<double> weights, int own)
    {
        for (var at = 0; at < scores.Length; at++)
        {
            if (truth[at] == own)
                continue;

            var (score, weight) = (scores[at], weights[at]);
            Count(edges.BinOf(score), score, weight);
            negativeTotal += weight;
            negatives[GapOf(KeyOf(score))] += weight;
        }
    }

    /// <summary>ROC AUC and average precision of all rows noted.</summary>
    public ClassRanking Ranking()
    {
        double positiveTotal = 0, area = 0, negativesBelow = 0;
        for (var at = 0; at < keys.Length; at++)
        {
            var (below, equal) = (negatives[2 * at], negatives[(2 * at) + 1]);
            negativesBelow += below;
            area += positives[at] * (negativesBelow + (equal / 2));
            negativesBelow += equal;
            positiveTotal += positives[at];
        }

        double averagePrecision = 0, truePositives = 0, falsePositives = 0;
        for (var at = keys.Length - 1; at >= 0; at--)
        {
            truePositives += positives[at];
            falsePositives += negatives[2 * (at + 1)] + negatives[(2 * at) + 1];
            averagePrecision += positives[at] * (truePositives / (truePositives + falsePositives));
        }

        return new(area / (positiveTotal * negativeTotal), averagePrecision / positiveTotal);
    }

    /// <summary>Σ_b (n_b / N)·|share of the class in b − mean score for it in b|.</summary>
    public double CalibrationError()
    {
        double gaps = 0, total = 0;
        for (var bin = 0; bin < binWeight.Length; bin++)
        {
            gaps += Math.Abs(binPositive[bin] - binScore[bin]);
            total += binWeight[bin];
        }

        return gaps / total;
    }

    // The bits of a double, turned so that they have the order of the numbers; −0 becomes 0 first, as both are equal.
    private static long KeyOf(double score)
    {
        var bits = BitConverter.DoubleToInt64Bits(score + 0.0);
        return bits ^ ((bits >> 63) & long.MaxValue);
    }

    private static ulong Distance(long from, long to) => unchecked((ulong)to - (ulong)from);

    private int GapOf(long key)
    {
        if (keys.Length == 0 || key < keys[0])
            return 0;
        if (key > keys[^1])
            return 2 * keys.Length;

        var bucket = (int)(Distance(keys[0], key) >> shift);
        var (from, to) = (firstOf[bucket], firstOf[bucket + 1]);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            if (keys[middle] < key)
                from = middle + 1;
            else
                to = middle;
        }

        return from < keys.Length && keys[from] == key ? (2 * from) + 1 : 2 * from;
    }

    private void Count(int bin, double score, double weight)
    {
        binWeight[bin] += weight;
        binScore[bin] += weight * score;
    }
}
