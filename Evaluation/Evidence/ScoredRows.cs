namespace MLPipelines.Evaluation;

/// <summary>The evidence of an evaluation: for every row the scores of all classes, the true label, an id and a weight.</summary>
/// <remarks>
/// Every row that was read is here, whether metrics can use it or not (<see cref="State"/>, <see cref="Counts"/>). Made by
/// <see cref="ScoredRowsBuilder"/>, <see cref="Of"/>, <see cref="ScoresCsv"/> or <see cref="ScoredDataView"/>. Immutable, so safe
/// to read from many threads. Two sets of rows of the same classes merge exactly, by <see cref="Merge"/>.
/// </remarks>
public sealed class ScoredRows
{
    /// <summary>What <see cref="Label"/> says of a row whose label is no class of the model.</summary>
    public const int UnknownLabel = -1;

    /// <summary>What <see cref="Label"/> says of a row without a label.</summary>
    public const int MissingLabel = -2;

    private readonly ScoreTable scores;
    private readonly int[] truth;
    private readonly RowState[] states;
    private readonly string?[]? ids;
    private readonly double[]? weights;
    private readonly IReadOnlyDictionary<int, string> unknownLabels;

    internal ScoredRows(
        IReadOnlyList<string> labels,
        ScoreTable scores,
        int[] truth,
        RowState[] states,
        string?[]? ids,
        double[]? weights,
        IReadOnlyDictionary<int, string> unknownLabels)
    {
        Labels = labels;
        this.scores = scores;
        this.truth = truth;
        this.states = states;
        this.ids = ids;
        this.weights = weights;
        this.unknownLabels = unknownLabels;

        long CountOf(RowState state) => states.LongCount(other => other == state);
        Counts = new(CountOf(RowState.Used), CountOf(RowState.UnknownLabel), CountOf(RowState.MissingLabel), CountOf(RowState.InvalidScores));
    }

    /// <summary>The class names, unique, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Number of classes, that is of scores in a row.</summary>
    public int ClassCount => Labels.Count;

    /// <summary>Number of all rows, used or not.</summary>
    public int Count => truth.Length;

    /// <summary>How many rows were read, and what became of them.</summary>
    public RowCounts Counts { get; }

    /// <summary>Whether any row has an id.</summary>
    public bool HasIds => ids is not null;

    /// <summary>Whether any row has a weight other than 1.</summary>
    public bool HasWeights => weights is not null;

    /// <summary>The scores of a row, one per class in the order of <see cref="Labels"/>; probabilities, if the model gives them.</summary>
    public ReadOnlySpan<double> Scores(int row) => scores.Row(row);

    /// <summary>The index of the true class, or <see cref="UnknownLabel"/> or <see cref="MissingLabel"/>.</summary>
    public int Label(int row) => truth[row];

    /// <summary>The true label as it was read, be it a class of the model or not; null if the row has none.</summary>
    public string? LabelText(int row) => truth[row] switch
    {
        MissingLabel => null,
        UnknownLabel => unknownLabels[row],
        var index => Labels[index],
    };

    /// <summary>What the row is called, by custom the path of its image; null if it has no id.</summary>
    public string? Id(int row) => ids?[row];

    /// <summary>How much the row counts: finite, at least 0, and 1 unless it was given.</summary>
    public double Weight(int row) => weights?[row] ?? 1;

    /// <summary>Whether metrics can use the row, and if not, why.</summary>
    public RowState State(int row) => states[row];

    /// <summary>The class of the largest score, the one of lower index first among equals. Of no meaning where scores are NaN.</summary>
    public int Predicted(int row) => ArgMax(Scores(row));

    /// <summary>The index of the largest value, the lower index first among equals: the rule of this project everywhere.</summary>
    internal static int ArgMax(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var index = 1; index < values.Length; index++)
        {
            if (values[index] > values[best])
                best = index;
        }

        return best;
    }

    /// <summary>Rows from arrays.</summary>
    /// <param name="labels">The class names, unique.</param>
    /// <param name="truth">Per row the true class name; null or empty where it is missing.</param>
    /// <param name="scores">Per row the scores of all classes.</param>
    /// <param name="ids">Per row its id, or null for none.</param>
    /// <param name="weights">Per row its weight, or null for 1 everywhere.</param>
    /// <exception cref="ArgumentException">The lengths disagree, a weight is negative or not finite, class names repeat.</exception>
    public static ScoredRows Of(
        IReadOnlyList<string> labels,
        IReadOnlyList<string?> truth,
        IReadOnlyList<double[]> scores,
        IReadOnlyList<string?>? ids = null,
        IReadOnlyList<double>? weights = null)
    {
        foreach (var (name, count) in new[] { ("scores", scores.Count), ("ids", ids?.Count ?? truth.Count), ("weights", weights?.Count ?? truth.Count) })
        {
            if (count != truth.Count)
                throw new ArgumentException($"{count} {name} were given for {truth.Count} true labels; every row needs one of each.");
        }

        var builder = new ScoredRowsBuilder(labels);
        for (var row = 0; row < truth.Count; row++)
            builder.Add(truth[row], scores[row], ids?[row], weights?[row] ?? 1);
        return builder.Build();
    }

    /// <summary>These rows and then the others, as if they had been read together.</summary>
    /// <exception cref="ArgumentException">The others have other classes, or the same in another order.</exception>
    public ScoredRows Merge(ScoredRows other)
    {
        LabelNames.MustBeEqual(Labels, other.Labels);
        var builder = new ScoredRowsBuilder(Labels);
        foreach (var part in new[] { this, other })
        {
            for (var row = 0; row < part.Count; row++)
                builder.Add(part.LabelText(row), part.Scores(row), part.Id(row), part.Weight(row));
        }

        return builder.Build();
    }
}
