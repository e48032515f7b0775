namespace MLPipelines.Evaluation;

/// <summary>A cell of the confusion matrix off its diagonal.</summary>
/// <param name="Actual">Index of the true class.</param>
/// <param name="Predicted">Index of the class that was predicted instead.</param>
/// <param name="ActualLabel">Name of the true class.</param>
/// <param name="PredictedLabel">Name of the class that was predicted instead.</param>
/// <param name="Count">How often: rows, or the sum of their weights.</param>
/// <param name="ShareOfActual">What share of the rows of the true class that is.</param>
public sealed record ConfusedPair(int Actual, int Predicted, string ActualLabel, string PredictedLabel, double Count, double ShareOfActual)
{
    /// <summary>The most frequent confusions: by count, then by share, then in the order of the classes.</summary>
    internal static IReadOnlyList<ConfusedPair> Of(ConfusionMatrix matrix, int limit) =>
    [
        .. (from actual in Enumerable.Range(0, matrix.ClassCount)
            from predicted in Enumerable.Range(0, matrix.ClassCount)
            let count = matrix[actual, predicted]
            where actual != predicted && count > 0
            let share = count / matrix.Support(actual)
            orderby count descending, share descending
            select new ConfusedPair(actual, predicted, matrix.Labels[actual], matrix.Labels[predicted], count, share)).Take(limit),
    ];
}

/// <summary>A class and its score in a row.</summary>
/// <param name="Label">The class name.</param>
/// <param name="Score">Its score.</param>
/// <param name="Rank">Its rank in the row, from 1.</param>
public sealed record RankedClass(string Label, double Score, int Rank);

/// <summary>A row that was predicted wrongly.</summary>
/// <param name="Row">Its number among the rows that were read, from 0.</param>
/// <param name="Id">What it is called, by custom the path of its image; null if it has no id.</param>
/// <param name="Truth">The true class.</param>
/// <param name="Predicted">The class that was predicted.</param>
/// <param name="Confidence">The score of the predicted class.</param>
/// <param name="Loss">−ln of the probability of the true class, in nats.</param>
/// <param name="TruthRank">The rank of the true class, from 1; 2 or more, as it was not first.</param>
/// <param name="Top">The highest scores of the row, first the highest.</param>
public sealed record Mistake(
    int Row, string? Id, string Truth, string Predicted, double Confidence, double Loss, int TruthRank, IReadOnlyList<RankedClass> Top)
{
    /// <summary>The wrong rows of highest confidence first; among equals the larger loss, then the earlier row.</summary>
    internal static IReadOnlyList<Mistake> WorstOf(ScoredRows rows, RowOutcomes outcomes, EvaluationOptions options) =>
    [
        .. Enumerable.Range(0, outcomes.Rows.Length)
            .Where(at => !outcomes.Right[at])
            .OrderByDescending(at => outcomes.Confidence[at])
            .ThenByDescending(at => outcomes.Loss[at])
            .ThenBy(at => at)
            .Take(options.WorstMistakes)
            .Select(at => Of(rows, outcomes, at, options.TopN)),
    ];

    private static Mistake Of(ScoredRows rows, RowOutcomes outcomes, int at, int topN)
    {
        var row = outcomes.Rows[at];
        var top = rows.Scores(row).ToArray().Index().OrderByDescending(pair => pair.Item).Take(topN);
        return new(
            row, rows.Id(row), rows.Labels[outcomes.Truth[at]], rows.Labels[outcomes.Predicted[at]], outcomes.Confidence[at], outcomes.Loss[at],
            outcomes.Rank[at] + 1, [.. top.Select((pair, index) => new RankedClass(rows.Labels[pair.Index], pair.Item, index + 1))]);
    }
}
