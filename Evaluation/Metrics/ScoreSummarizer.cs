namespace MLPipelines.Evaluation;

/// <summary>Makes the <see cref="ScoreSummary"/> of scored rows.</summary>
internal static class ScoreSummarizer
{
    // Classes whose scores lie side by side are read in one walk over the rows, as long as their tables stay small; and the rows in tiles
    // that fit the cache, turned so that the scores of a class lie side by side.
    private const int ClassesPerWalk = 32;
    private const int RowsPerWalk = 1 << 14;
    private const int RowsPerTile = 256;

    public static ScoreSummary Summarize(ScoredRows rows, RowOutcomes outcomes, int binCount)
    {
        var weight = default(CompensatedSum);
        var squaredError = default(CompensatedSum);
        var byClass = new CompensatedSum[rows.ClassCount];
        var byRank = new CompensatedSum[rows.ClassCount];
        var loss = new CompensatedSum[rows.ClassCount];
        for (var at = 0; at < outcomes.Rows.Length; at++)
        {
            var w = outcomes.Weight[at];
            weight.Add(w);
            squaredError.Add(w * outcomes.SquaredError[at]);
            byClass[outcomes.Truth[at]].Add(w);
            byRank[outcomes.Rank[at]].Add(w);
            loss[outcomes.Truth[at]].Add(w * outcomes.Loss[at]);
        }

        var calibration = Calibration.Of(outcomes.Confidence, outcomes.Right, outcomes.Weight, binCount);
        var (rankings, calibrationErrors) = RankClasses(rows, outcomes, binCount);
        if (calibration.Bins.Count == 0)
            Array.Fill(calibrationErrors, double.NaN);

        return new()
        {
            Weight = weight.Value,
            WeightByClass = [.. byClass.Select(sum => sum.Value)],
            WeightByRank = [.. byRank.Select(sum => sum.Value)],
            LogLossByClass = [.. loss.Select(sum => sum.Value)],
            SquaredError = squaredError.Value,
            Calibration = calibration,
            Rankings = rankings,
            ClasswiseCalibrationError = calibrationErrors,
        };
    }

    private static (ClassRanking[] Rankings, double[] CalibrationErrors) RankClasses(ScoredRows rows, RowOutcomes outcomes, int binCount)
    {
        // A row of weight 0 has no say, not even by being the only one of its class.
        int[] weighty = [.. Enumerable.Range(0, outcomes.Rows.Length).Where(at => outcomes.Weight[at] > 0)];
        var ofClass = weighty.ToLookup(at => outcomes.Truth[at]);

        var walks = new List<Range>();
        for (var first = 0; first < rows.ClassCount;)
        {
            var end = first + 1;
            var rowsOfWalk = ofClass[first].Count();
            while (end < rows.ClassCount && end - first < ClassesPerWalk && (rowsOfWalk += ofClass[end].Count()) <= RowsPerWalk)
                end++;
            walks.Add(first..end);
            first = end;
        }

        var truth = Array.ConvertAll(weighty, at => outcomes.Truth[at]);
        var weights = Array.ConvertAll(weighty, at => outcomes.Weight[at]);
        var rankings = new ClassRanking[rows.ClassCount];
        var calibrationErrors = new double[rows.ClassCount];
        Parallel.ForEach(walks, walk =>
        {
            var first = walk.Start.Value;
            OneVersusRest[] classes =
            [
                .. Enumerable.Range(first, walk.End.Value - first).Select(c => new OneVersusRest(
                    [.. ofClass[c].Select(at => rows.Scores(outcomes.Rows[at])[c])], [.. ofClass[c].Select(at => outcomes.Weight[at])], binCount)),
            ];
            var tile = new double[classes.Length * RowsPerTile];
            for (var start = 0; start < weighty.Length; start += RowsPerTile)
            {
                var length = Math.Min(RowsPerTile, weighty.Length - start);
                for (var at = 0; at < length; at++)
                {
                    var scores = rows.Scores(outcomes.Rows[weighty[start + at]]).Slice(first, classes.Length);
                    for (var c = 0; c < scores.Length; c++)
                        tile[(c * RowsPerTile) + at] = scores[c];
                }

                for (var c = 0; c < classes.Length; c++)
                    classes[c].AddNegatives(tile.AsSpan(c * RowsPerTile, length), truth.AsSpan(start, length), weights.AsSpan(start, length), first + c);
            }

            for (var c = 0; c < classes.Length; c++)
            {
                rankings[first + c] = classes[c].Ranking();
                calibrationErrors[first + c] = classes[c].CalibrationError();
            }
        });

        return (rankings, calibrationErrors);
    }
}
