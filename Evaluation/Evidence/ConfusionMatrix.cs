namespace MLPipelines.Evaluation;

/// <summary>How many rows of each true class were given each predicted class: <c>[actual, predicted]</c>.</summary>
/// <remarks>
/// A cell is the sum of the rows' weights, which is their number where no weights were given. Whole numbers are exact up to 2⁵³, so
/// the counts of parts merge to exactly those of the whole, in any order. Immutable.
/// </remarks>
public sealed class ConfusionMatrix
{
    private readonly double[] cells;
    private readonly double[] support;
    private readonly double[] predicted;

    private ConfusionMatrix(IReadOnlyList<string> labels, double[] cells)
    {
        Labels = labels;
        this.cells = cells;
        support = new double[labels.Count];
        predicted = new double[labels.Count];
        for (var actual = 0; actual < labels.Count; actual++)
        {
            for (var guess = 0; guess < labels.Count; guess++)
            {
                support[actual] += this[actual, guess];
                predicted[guess] += this[actual, guess];
            }

            Total += support[actual];
            Correct += this[actual, actual];
        }
    }

    /// <summary>The class names, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Number of classes, that is of rows and of columns.</summary>
    public int ClassCount => Labels.Count;

    /// <summary>All rows.</summary>
    public double Total { get; }

    /// <summary>The rows on the diagonal.</summary>
    public double Correct { get; }

    /// <summary>The rows of class <paramref name="actual"/> that were predicted as <paramref name="guess"/>.</summary>
    public double this[int actual, int guess] => cells[(actual * Labels.Count) + guess];

    /// <summary>The rows whose true class is <paramref name="index"/>.</summary>
    public double Support(int index) => support[index];

    /// <summary>The rows whose predicted class is <paramref name="index"/>.</summary>
    public double Predicted(int index) => predicted[index];

    /// <summary>The matrix of rows given by their true and their predicted class.</summary>
    /// <param name="labels">The class names, unique.</param>
    /// <param name="actual">Per row the index of the true class.</param>
    /// <param name="predicted">Per row the index of the predicted class.</param>
    /// <param name="weights">Per row how much it counts; empty for 1 everywhere.</param>
    /// <exception cref="ArgumentException">The lengths disagree, an index is no class, a weight is negative or not finite.</exception>
    public static ConfusionMatrix Of(
        IReadOnlyList<string> labels, ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted, ReadOnlySpan<double> weights = default)
    {
        var names = LabelNames.Checked(labels);
        if (predicted.Length != actual.Length || (weights.Length != actual.Length && !weights.IsEmpty))
        {
            throw new ArgumentException(
                $"{actual.Length} true classes, {predicted.Length} predicted classes and {weights.Length} weights were given; every row needs one of each.");
        }

        var cells = new double[names.Length * names.Length];
        for (var row = 0; row < actual.Length; row++)
        {
            if ((uint)actual[row] >= names.Length || (uint)predicted[row] >= names.Length)
                throw new ArgumentException($"Row {row} has the true class {actual[row]} and the predicted class {predicted[row]}; both must be from 0 to {names.Length - 1}.");

            var weight = weights.IsEmpty ? 1 : weights[row];
            if (!double.IsFinite(weight) || weight < 0)
                throw new ArgumentException(FormattableString.Invariant($"Row {row} has the weight {weight}; a weight must be finite and at least 0."));
            cells[(actual[row] * names.Length) + predicted[row]] += weight;
        }

        return new(names, cells);
    }

    /// <summary>The matrix of these cells, one array per true class.</summary>
    /// <exception cref="ArgumentException">It is not as high and as wide as there are classes, or a cell is negative or not finite.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<string> labels, params IReadOnlyList<IReadOnlyList<double>> rows)
    {
        var names = LabelNames.Checked(labels);
        if (rows.Count != names.Length || rows.Any(row => row.Count != names.Length))
        {
            throw new ArgumentException(
                $"The matrix has {rows.Count} rows of {string.Join(", ", rows.Select(row => row.Count).Distinct())} cells; {names.Length} classes need {names.Length} rows of {names.Length}.");
        }

        double[] cells = [.. rows.SelectMany(row => row)];
        if (cells.Any(cell => !double.IsFinite(cell) || cell < 0))
            throw new ArgumentException("A cell of the confusion matrix is negative or not finite; cells are numbers of rows or sums of weights.");
        return new(names, cells);
    }

    /// <summary>The matrix of the rows of both.</summary>
    /// <exception cref="ArgumentException">The other has other classes, or the same in another order.</exception>
    public ConfusionMatrix Merge(ConfusionMatrix other)
    {
        LabelNames.MustBeEqual(Labels, other.Labels);
        return new(Labels, [.. cells.Zip(other.cells, (mine, theirs) => mine + theirs)]);
    }
}
