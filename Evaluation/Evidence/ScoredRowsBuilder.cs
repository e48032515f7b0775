namespace MLPipelines.Evaluation;

/// <summary>Collects <see cref="ScoredRows"/> one row at a time, as they are read or scored. Not safe for several threads at once.</summary>
public sealed class ScoredRowsBuilder
{
    private readonly string[] labels;
    private readonly Dictionary<string, int> indexOf;
    private readonly ScoreTable scores;
    private readonly List<int> truth = [];
    private readonly List<RowState> states = [];
    private readonly Dictionary<int, string> unknownLabels = [];
    private List<string?>? ids;
    private List<double>? weights;

    /// <summary>An empty collection of rows of these classes.</summary>
    /// <param name="labels">The class names in the order of the scores: at least one, none empty, all different.</param>
    /// <exception cref="ArgumentException">There is no name, one is empty or two are equal.</exception>
    public ScoredRowsBuilder(IEnumerable<string> labels)
    {
        this.labels = LabelNames.Checked(labels);
        indexOf = this.labels.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        scores = new(this.labels.Length);
    }

    /// <summary>Number of rows so far.</summary>
    public int Count => truth.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="label">The true class name. One the model does not have is kept and counted, as is null or empty: no label.</param>
    /// <param name="rowScores">One score per class. Rows with NaN or infinite scores are kept and counted.</param>
    /// <param name="id">What the row is called, by custom the path of its image.</param>
    /// <param name="weight">How much the row counts: finite, at least 0.</param>
    /// <exception cref="ArgumentException">The number of scores is not that of the classes, or the weight is negative or not finite.</exception>
    public void Add(string? label, ReadOnlySpan<double> rowScores, string? id = null, double weight = 1)
    {
        CheckCount(rowScores.Length);
        CheckWeight(weight);
        rowScores.CopyTo(scores.Append());
        Note(label, Finite(rowScores), id, weight);
    }

    /// <inheritdoc cref="Add(string?, ReadOnlySpan{double}, string?, double)"/>
    public void Add(string? label, ReadOnlySpan<float> rowScores, string? id = null, double weight = 1)
    {
        CheckCount(rowScores.Length);
        CheckWeight(weight);
        var row = scores.Append();
        for (var index = 0; index < row.Length; index++)
            row[index] = rowScores[index];
        Note(label, Finite(row), id, weight);
    }

    /// <summary>The rows so far. The builder must not be used afterwards.</summary>
    public ScoredRows Build() => new(labels, scores, [.. truth], [.. states], ids?.ToArray(), weights?.ToArray(), unknownLabels);

    private void Note(string? label, bool finite, string? id, double weight)
    {
        var row = truth.Count;
        var index = string.IsNullOrEmpty(label) ? ScoredRows.MissingLabel : indexOf.GetValueOrDefault(label, ScoredRows.UnknownLabel);
        if (index == ScoredRows.UnknownLabel)
            unknownLabels.Add(row, label!);

        truth.Add(index);
        states.Add(index switch
        {
            ScoredRows.MissingLabel => RowState.MissingLabel,
            ScoredRows.UnknownLabel => RowState.UnknownLabel,
            _ => finite ? RowState.Used : RowState.InvalidScores,
        });

        if (id is not null && ids is null)
            ids = [.. Enumerable.Repeat<string?>(null, row)];
        ids?.Add(id);

        if (weight != 1 && weights is null)
            weights = [.. Enumerable.Repeat(1.0, row)];
        weights?.Add(weight);
    }

    private void CheckCount(int count)
    {
        if (count != labels.Length)
            throw new ArgumentException($"Row {Count} has {count} scores; {labels.Length} classes need {labels.Length}, one each.");
    }

    private void CheckWeight(double weight)
    {
        if (!double.IsFinite(weight) || weight < 0)
            throw new ArgumentException(FormattableString.Invariant($"Row {Count} has the weight {weight}; a weight must be finite and at least 0."));
    }

    private static bool Finite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                return false;
        }

        return true;
    }
}
