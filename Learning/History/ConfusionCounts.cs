namespace MLPipelines.Learning;

/// <summary>How many samples of each true class were given each predicted class, counted while a network learns: <c>[actual, predicted]</c>.</summary>
/// <remarks>
/// The metrics are those of <c>MLPipelines.Evaluation</c>, digit for digit: 0/0 is undefined and NaN, and the macro averages leave out what
/// is undefined. Counts are whole, so parts merge to the same in any order. <see cref="Add(int, int)"/> does not allocate. Not thread-safe: one for
/// each worker, merged afterwards.
/// </remarks>
public sealed class ConfusionCounts
{
    private readonly long[] cells;

    /// <summary>Nothing counted yet.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public ConfusionCounts(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
        cells = new long[(long)classCount * classCount];
    }

    /// <summary>Number of classes, that is of rows and of columns.</summary>
    public int ClassCount { get; }

    /// <summary>All samples.</summary>
    public long Total { get; private set; }

    /// <summary>The samples on the diagonal.</summary>
    public long Correct { get; private set; }

    /// <summary>The samples of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => cells[Place(actual, predicted)];

    /// <summary>Counts one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class.</exception>
    public void Add(int actual, int predicted) => Add(actual, predicted, 1);

    /// <summary>Counts several samples of the same truth and prediction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class, or <paramref name="samples"/> is negative.</exception>
    public void Add(int actual, int predicted, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        cells[Place(actual, predicted)] += samples;
        Total += samples;
        if (actual == predicted)
            Correct += samples;
    }

    /// <summary>Adds the counts of <paramref name="other"/> to these.</summary>
    /// <exception cref="ArgumentException">The other has another number of classes.</exception>
    public void Merge(ConfusionCounts other)
    {
        if (other.ClassCount != ClassCount)
            throw new ArgumentException($"Counts of {other.ClassCount} classes cannot be added to counts of {ClassCount}; only counts of the same classes merge.", nameof(other));

        for (var place = 0; place < cells.Length; place++)
            cells[place] += other.cells[place];
        Total += other.Total;
        Correct += other.Correct;
    }

    /// <summary>Forgets everything counted, as at the start of an epoch.</summary>
    public void Clear()
    {
        Array.Clear(cells);
        Total = Correct = 0;
    }

    /// <summary>The same counts in an object of their own.</summary>
    public ConfusionCounts Clone()
    {
        var copy = new ConfusionCounts(ClassCount);
        copy.Merge(this);
        return copy;
    }

    /// <summary>The samples whose true class is <paramref name="index"/>.</summary>
    public long Support(int index)
    {
        long sum = 0;
        for (var predicted = 0; predicted < ClassCount; predicted++)
            sum += this[index, predicted];
        return sum;
    }

    /// <summary>The samples whose predicted class is <paramref name="index"/>.</summary>
    public long Predicted(int index)
    {
        long sum = 0;
        for (var actual = 0; actual < ClassCount; actual++)
            sum += this[actual, index];
        return sum;
    }

    /// <summary>The share of samples predicted rightly; NaN where there are none.</summary>
    public double Accuracy => (double)Correct / Total;

    /// <summary>Of the samples predicted as the class, the share that are of it: TP / (TP + FP); NaN where it was never predicted.</summary>
    public double Precision(int index) => (double)this[index, index] / Predicted(index);

    /// <summary>Of the samples of the class, the share predicted as it: TP / (TP + FN); NaN where there are none.</summary>
    public double Recall(int index) => (double)this[index, index] / Support(index);

    /// <summary>The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); NaN where the class neither occurs nor is predicted.</summary>
    public double F1(int index) => 2.0 * this[index, index] / (Support(index) + Predicted(index));

    /// <summary>The mean <see cref="Precision"/> of the classes where it is defined; NaN where it is nowhere.</summary>
    public double MacroPrecision => MeanOfDefined(this, static (counts, index) => counts.Precision(index));

    /// <summary>The mean <see cref="Recall"/> of the classes where it is defined; NaN where it is nowhere.</summary>
    public double MacroRecall => MeanOfDefined(this, static (counts, index) => counts.Recall(index));

    /// <summary>The mean <see cref="F1"/> of the classes where it is defined; NaN where it is nowhere.</summary>
    public double MacroF1 => MeanOfDefined(this, static (counts, index) => counts.F1(index));

    private static double MeanOfDefined(ConfusionCounts counts, Func<ConfusionCounts, int, double> valueOf)
    {
        var (sum, defined) = (0.0, 0);
        for (var index = 0; index < counts.ClassCount; index++)
        {
            var value = valueOf(counts, index);
            if (double.IsNaN(value))
                continue;
            sum += value;
            defined++;
        }

        return sum / defined;
    }

    private long Place(int actual, int predicted)
    {
        if ((uint)actual >= (uint)ClassCount || (uint)predicted >= (uint)ClassCount)
            throw NoClass(actual, predicted);
        return ((long)actual * ClassCount) + predicted;
    }

    private ArgumentOutOfRangeException NoClass(int actual, int predicted) =>
        new($"A sample has the true class {actual} and the predicted class {predicted}; both must be from 0 to {ClassCount - 1}.", innerException: null);
}
