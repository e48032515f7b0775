namespace MLPipelines.Learning;

/// <summary>How many samples of each true class were given each predicted class, counted while a network learns: <c>[actual, predicted]</c>.</summary>
/// <remarks>
/// The metrics are those of <c>MLPipelines.Evaluation</c>, digit for digit: 0/0 is undefined and NaN, and the macro averages leave out what
/// is undefined. Counts are whole, so parts merge to the same in any order. While counting, all cells lie in memory and
/// <see cref="Add(int, int)"/> does not allocate; a <see cref="Clone"/>, which a history keeps for every epoch, holds only the cells that are
/// not zero where that is smaller. Counting is not thread-safe (one for each worker, merged afterwards); reading is.
/// </remarks>
public sealed class ConfusionCounts
{
    private readonly long[] support;
    private readonly long[] predictions;
    private Cells cells;

    /// <summary>Nothing counted yet.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public ConfusionCounts(int classCount)
        : this(classCount, new Cells([], []))
    {
    }

    private ConfusionCounts(int classCount, Cells cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
        support = new long[classCount];
        predictions = new long[classCount];
        this.cells = cells;
    }

    /// <summary>Number of classes, that is of rows and of columns.</summary>
    public int ClassCount { get; }

    /// <summary>All samples.</summary>
    public long Total { get; private set; }

    /// <summary>The samples on the diagonal.</summary>
    public long Correct { get; private set; }

    /// <summary>The samples of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => cells.At(Place(actual, predicted));

    /// <summary>The cells that are not zero, row by row, each row from left to right.</summary>
    public IEnumerable<(int Actual, int Predicted, long Samples)> NonZero
    {
        get
        {
            foreach (var (place, samples) in cells.NonZero)
                yield return ((int)(place / ClassCount), (int)(place % ClassCount), samples);
        }
    }

    /// <summary>Counts one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class.</exception>
    public void Add(int actual, int predicted) => Add(actual, predicted, 1);

    /// <summary>Counts several samples of the same truth and prediction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class, or <paramref name="samples"/> is negative.</exception>
    public void Add(int actual, int predicted, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        var place = Place(actual, predicted);
        if (cells.Places is not null)
            cells = cells.Unpacked((long)ClassCount * ClassCount);
        cells.Samples[place] += samples;
        Tally(actual, predicted, samples);
    }

    /// <summary>Adds the counts of <paramref name="other"/> to these.</summary>
    /// <exception cref="ArgumentException">The other has another number of classes.</exception>
    public void Merge(ConfusionCounts other)
    {
        if (other.ClassCount != ClassCount)
        {
            throw new ArgumentException(
                $"Counts of {other.ClassCount} classes cannot be added to counts of {ClassCount}; only counts of the same classes merge.", nameof(other));
        }

        foreach (var (actual, predicted, samples) in other.NonZero)
            Add(actual, predicted, samples);
    }

    /// <summary>Forgets everything counted, as at the start of an epoch.</summary>
    public void Clear()
    {
        if (cells.Places is null)
            Array.Clear(cells.Samples);
        else
            cells = new([], []);
        Array.Clear(support);
        Array.Clear(predictions);
        Total = Correct = 0;
    }

    /// <summary>The same counts in an object of their own, to be kept.</summary>
    public ConfusionCounts Clone()
    {
        var copy = new ConfusionCounts(ClassCount, cells.Packed());
        support.CopyTo(copy.support, 0);
        predictions.CopyTo(copy.predictions, 0);
        (copy.Total, copy.Correct) = (Total, Correct);
        return copy;
    }

    /// <summary>The samples whose true class is <paramref name="index"/>.</summary>
    public long Support(int index) => support[index];

    /// <summary>The samples whose predicted class is <paramref name="index"/>.</summary>
    public long Predicted(int index) => predictions[index];

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

    private void Tally(int actual, int predicted, long samples)
    {
        support[actual] += samples;
        predictions[predicted] += samples;
        Total += samples;
        if (actual == predicted)
            Correct += samples;
    }

    private long Place(int actual, int predicted) => (uint)actual < (uint)ClassCount && (uint)predicted < (uint)ClassCount
        ? ((long)actual * ClassCount) + predicted
        : throw NoClass(actual, predicted);

    private ArgumentOutOfRangeException NoClass(int actual, int predicted) =>
        new($"A sample has the true class {actual} and the predicted class {predicted}; both must be from 0 to {ClassCount - 1}.", innerException: null);

    /// <summary>The counts with these cells, which must come row by row, each row from left to right.</summary>
    internal static ConfusionCounts Of(int classCount, IReadOnlyCollection<(int Actual, int Predicted, long Samples)> cells)
    {
        var counts = new ConfusionCounts(classCount);
        counts.cells = new([.. cells.Select(cell => counts.Place(cell.Actual, cell.Predicted))], [.. cells.Select(cell => cell.Samples)]);
        foreach (var (actual, predicted, samples) in cells)
            counts.Tally(actual, predicted, samples);
        return counts;
    }

    /// <summary>The numbers at their places, actual · classes + predicted: all of them, or only those at some ascending places.</summary>
    /// <param name="Places">The places of the numbers; null where there is a number for every place.</param>
    /// <param name="Samples">The numbers.</param>
    private readonly record struct Cells(long[]? Places, long[] Samples)
    {
        public IEnumerable<(long Place, long Samples)> NonZero
        {
            get
            {
                for (var index = 0; index < Samples.Length; index++)
                {
                    if (Samples[index] != 0)
                        yield return (Places is null ? index : Places[index], Samples[index]);
                }
            }
        }

        public long At(long place) =>
            Places is null ? Samples[place] : Array.BinarySearch(Places, place) is >= 0 and var index ? Samples[index] : 0;

        /// <summary>A copy that takes the least memory.</summary>
        public Cells Packed()
        {
            var filled = Samples.Length - Samples.AsSpan().Count(0L);
            return Places is null && 2 * (long)filled >= Samples.Length
                ? new(null, [.. Samples])
                : new([.. NonZero.Select(cell => cell.Place)], [.. NonZero.Select(cell => cell.Samples)]);
        }

        public Cells Unpacked(long length)
        {
            var all = new Cells(null, new long[length]);
            foreach (var (place, samples) in NonZero)
                all.Samples[place] = samples;
            return all;
        }
    }
}
