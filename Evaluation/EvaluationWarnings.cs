using System.Globalization;

namespace MLPipelines.Evaluation;

/// <summary>The plain sentences that a reader of an evaluation must see before trusting a number.</summary>
internal static class EvaluationWarnings
{
    private const int NamesListed = 5;

    // Fewer rows may all be close to uniform by chance.
    private const int RowsThatTell = 10;

    public static IReadOnlyList<string> Of(
        ScoredRows rows, RowOutcomes outcomes, ConfusionMatrix matrix, IReadOnlyList<KeyValuePair<string, long>> unknownLabels) =>
    [
        .. LeftOut(rows.Counts, unknownLabels),
        .. WhereNothingIsLeft(rows.Counts, matrix),
        .. NoProbabilities(outcomes),
        .. SoftmaxTwice(rows, outcomes),
        .. ClassesWithout(matrix),
    ];

    private static IEnumerable<string> LeftOut(RowCounts counts, IReadOnlyList<KeyValuePair<string, long>> unknownLabels)
    {
        if (counts.UnknownLabel > 0)
        {
            yield return $"{Rows(counts.UnknownLabel)} left out: the label is no class of the model ({Names([.. unknownLabels.Select(pair => pair.Key)])}). "
                + "Compare the spelling with the class names; a model cannot be right about a class it does not have.";
        }

        if (counts.MissingLabel > 0)
            yield return $"{Rows(counts.MissingLabel)} left out: there is no label.";
        if (counts.InvalidScores > 0)
            yield return $"{Rows(counts.InvalidScores)} left out: a score is NaN or infinite. That comes from the model or its input, and should be looked into.";
    }

    private static IEnumerable<string> WhereNothingIsLeft(RowCounts counts, ConfusionMatrix matrix)
    {
        if (counts.Read == 0)
            yield return "There are no rows: every metric is undefined (n/a).";
        else if (counts.Used == 0)
            yield return "No row could be used: every metric is undefined (n/a).";
        else if (matrix.Total == 0)
            yield return "All weights are 0: every metric is undefined (n/a).";
    }

    private static IEnumerable<string> NoProbabilities(RowOutcomes outcomes)
    {
        var count = outcomes.IsProbability.Count(is_ => !is_);
        if (count == 0)
            yield break;

        var first = outcomes.IsProbability.IndexOf(false);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows(count)} with scores that are not probabilities (row {outcomes.Rows[first]} sums to {outcomes.Sum[first]:0.######}). "
            + $"Log-loss, Brier score and calibration mean something for probabilities alone: if these are logits, apply softmax first.");
    }

    private static IEnumerable<string> SoftmaxTwice(ScoredRows rows, RowOutcomes outcomes)
    {
        // exp(1)/exp(0) = e is the largest ratio that a softmax of probabilities can have.
        bool IsFlat(int at)
        {
            var scores = rows.Scores(outcomes.Rows[at]);
            var lowest = double.PositiveInfinity;
            foreach (var score in scores)
                lowest = Math.Min(lowest, score);
            return outcomes.IsProbability[at] && lowest > 0 && outcomes.Confidence[at] <= lowest * Math.E * (1 + 1e-5);
        }

        if (rows.ClassCount > 1 && outcomes.Rows.Length >= RowsThatTell && Enumerable.Range(0, outcomes.Rows.Length).All(IsFlat))
        {
            yield return "In every row the highest score is at most e = 2.718… times the lowest: softmax was probably applied twice, or the model has learnt next to nothing.";
        }
    }

    private static IEnumerable<string> ClassesWithout(ConfusionMatrix matrix)
    {
        if (matrix.Total == 0)
            yield break;

        string[] NamesWhere(Func<int, bool> condition) => [.. Enumerable.Range(0, matrix.ClassCount).Where(condition).Select(c => matrix.Labels[c])];
        var absent = NamesWhere(c => matrix.Support(c) == 0);
        if (absent.Length > 0)
            yield return $"{absent.Length} of {matrix.ClassCount} classes have no rows ({Names(absent)}): their recall, ROC AUC and average precision are undefined.";

        var neverPredicted = NamesWhere(c => matrix.Predicted(c) == 0);
        if (neverPredicted.Length > 0)
            yield return $"{neverPredicted.Length} of {matrix.ClassCount} classes are never predicted ({Names(neverPredicted)}): their precision is undefined.";

        if (absent.Length == matrix.ClassCount - 1)
            yield return "All rows are of one class: ROC AUC, log-loss reduction and Matthews correlation are undefined, and accuracy says little.";
    }

    private static string Rows(long count) => count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count} rows");

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(NamesListed).Select(name => $"'{name}'")) + (names.Length > NamesListed ? $" and {names.Length - NamesListed} more" : "");
}
