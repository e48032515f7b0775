namespace MLPipelines.Evaluation;

/// <summary>A bin of the reliability diagram: the rows whose highest score lies in (<paramref name="Lower"/>, <paramref name="Upper"/>].</summary>
/// <param name="Lower">Lower edge, not included, except 0 in the first bin.</param>
/// <param name="Upper">Upper edge, included.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Weight">Sum of their weights; their number where none were given.</param>
/// <param name="MeanConfidence">Mean of their highest scores; NaN in an empty bin.</param>
/// <param name="Accuracy">Share predicted rightly; NaN in an empty bin.</param>
public sealed record ReliabilityBin(double Lower, double Upper, long Count, double Weight, double MeanConfidence, double Accuracy);

/// <summary>A bar of the confidence histogram: rows whose highest score lies in (<paramref name="Lower"/>, <paramref name="Upper"/>], by outcome.</summary>
/// <param name="Lower">Lower edge, not included, except 0 in the first bar.</param>
/// <param name="Upper">Upper edge, included.</param>
/// <param name="Right">Number of rows predicted rightly.</param>
/// <param name="Wrong">Number of rows predicted wrongly.</param>
public sealed record ConfidenceBar(double Lower, double Upper, long Right, long Wrong);

/// <summary>How confidence, the highest score of a row, agrees with accuracy.</summary>
/// <param name="Bins">The reliability diagram; empty where scores are no probabilities.</param>
/// <param name="Histogram">The confidence of right and of wrong rows, in 20 bars; empty where scores are no probabilities.</param>
/// <param name="ExpectedError">Σ_b (n_b / N)·|accuracy_b − confidence_b|; NaN without rows or where scores are no probabilities.</param>
/// <param name="MaximumError">The largest |accuracy_b − confidence_b|; NaN likewise.</param>
public sealed record Calibration(
    IReadOnlyList<ReliabilityBin> Bins, IReadOnlyList<ConfidenceBar> Histogram, double ExpectedError, double MaximumError)
{
    /// <summary>Number of bars of the histogram.</summary>
    public const int HistogramBars = 20;

    /// <summary>How far outside 0 to 1 a probability may lie by rounding.</summary>
    internal const double Slack = 1e-6;

    /// <summary>What stands where scores are no probabilities.</summary>
    internal static Calibration Undefined { get; } = new([], [], double.NaN, double.NaN);

    /// <summary>The calibration of rows given by their highest score, whether it was right, and their weight.</summary>
    /// <remarks>Guo et al. 2017, “On Calibration of Modern Neural Networks”: equal-width bins, closed above.</remarks>
    internal static Calibration Of(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> right, ReadOnlySpan<double> weights, int binCount)
    {
        foreach (var confidence in confidences)
        {
            if (confidence is < -Slack or > 1 + Slack)
                return Undefined;
        }

        var (edges, barEdges) = (new BinEdges(binCount), new BinEdges(HistogramBars));
        var counts = new long[binCount];
        var weight = new CompensatedSum[binCount];
        var confidenceSum = new CompensatedSum[binCount];
        var rightSum = new CompensatedSum[binCount];
        var bars = new (long Right, long Wrong)[HistogramBars];
        for (var row = 0; row < confidences.Length; row++)
        {
            var bin = edges.BinOf(confidences[row]);
            counts[bin]++;
            weight[bin].Add(weights[row]);
            confidenceSum[bin].Add(weights[row] * confidences[row]);
            rightSum[bin].Add(right[row] ? weights[row] : 0);

            ref var bar = ref bars[barEdges.BinOf(confidences[row])];
            if (right[row])
                bar.Right++;
            else
                bar.Wrong++;
        }

        ReliabilityBin[] bins =
        [
            .. Enumerable.Range(0, binCount).Select(b => new ReliabilityBin(
                edges[b], edges[b + 1], counts[b], weight[b].Value,
                confidenceSum[b].Value / weight[b].Value, rightSum[b].Value / weight[b].Value)),
        ];
        var gaps = bins.Where(bin => bin.Weight > 0).Select(bin => (bin.Weight, Gap: Math.Abs(bin.Accuracy - bin.MeanConfidence))).ToArray();
        var total = gaps.Sum(gap => gap.Weight);
        return new(
            bins,
            [.. bars.Index().Select(bar => new ConfidenceBar(barEdges[bar.Index], barEdges[bar.Index + 1], bar.Item.Right, bar.Item.Wrong))],
            total > 0 ? gaps.Sum(gap => gap.Weight * gap.Gap) / total : double.NaN,
            total > 0 ? gaps.Max(gap => gap.Gap) : double.NaN);
    }
}
