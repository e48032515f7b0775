using System.Numerics.Tensors;

namespace Microsoft.ML.Data;

/// <summary>Counts scored rows; the metrics follow from the counts.</summary>
internal sealed class MulticlassTally(int classCount, int topK)
{
    private const float SmallestProbability = 1e-15f;

    private readonly double[] _logLossOfClass = new double[classCount];
    private readonly long[] _rowsOfClass = new long[classCount];
    private readonly long[] _rowsAtRank = new long[classCount];
    private double _logLoss;
    private long _rows;
    private long _right;

    internal int TopK => topK;

    /// <summary>[actual][predicted].</summary>
    internal double[][] Counts { get; } = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];

    /// <summary>Rows left out because their label is missing, negative or fractional.</summary>
    internal long RowsWithoutLabel { get; private set; }

    /// <summary>Rows left out because a score is NaN or infinite.</summary>
    internal long RowsWithoutScore { get; private set; }

    /// <summary>Rows whose label is beyond the last class.</summary>
    internal long RowsOfUnknownClass { get; private set; }

    /// <param name="label">The index of the class; NaN where it is missing.</param>
    /// <param name="scores">One for each class.</param>
    internal void Add(double label, ReadOnlySpan<float> scores)
    {
        if (!(label >= 0 && label == Math.Floor(label)))
        {
            RowsWithoutLabel++;
            return;
        }
        if (!TensorPrimitives.IsFiniteAll(scores))
        {
            RowsWithoutScore++;
            return;
        }

        _rows++;
        if (label >= classCount)
        {
            RowsOfUnknownClass++;
            _logLoss -= Math.Log(SmallestProbability);
            return;
        }
        var actual = (int)label;
        var loss = -Math.Log(Math.Clamp(scores[actual], SmallestProbability, 1));
        _logLoss += loss;
        _logLossOfClass[actual] += loss;
        _rowsOfClass[actual]++;

        var predicted = IndexOfFirstLargest(scores);
        Counts[actual][predicted]++;
        if (predicted == actual)
            _right++;
        _rowsAtRank[Rank(scores, actual)]++;
    }

    internal double MicroAccuracy => _rows == 0 ? 0 : (double)_right / _rows;

    internal double MacroAccuracy
    {
        get
        {
            var recalls = Enumerable.Range(0, classCount).Where(index => _rowsOfClass[index] > 0).Select(index => Counts[index][index] / _rowsOfClass[index]);
            return recalls.DefaultIfEmpty(0).Average();
        }
    }

    internal double LogLoss => _rows == 0 ? 0 : _logLoss / _rows;

    internal double LogLossReduction
    {
        get
        {
            var prior = 0d;
            foreach (var rows in _rowsOfClass)
                prior -= rows == 0 ? 0 : rows * Math.Log((double)rows / _rows);
            prior /= _rows;
            // Not (prior − loss) / prior alone: the sum above can give −0, which would turn −∞ into +∞.
            return prior == 0 && LogLoss > 0 ? double.NegativeInfinity : (prior - LogLoss) / prior;
        }
    }

    internal double[] PerClassLogLoss() => [.. _logLossOfClass.Zip(_rowsOfClass, (loss, rows) => rows == 0 ? 0 : loss / rows)];

    /// <summary>For K from 1 to <see cref="TopK"/>.</summary>
    internal double[] TopKAccuracies()
    {
        var (accuracies, hits) = (new double[topK], 0L);
        for (var rank = 0; rank < topK; rank++)
        {
            hits += rank < classCount ? _rowsAtRank[rank] : 0;
            accuracies[rank] = (double)hits / _rows;
        }
        return accuracies;
    }

    private static int IndexOfFirstLargest(ReadOnlySpan<float> scores)
    {
        var largest = 0;
        for (var index = 1; index < scores.Length; index++)
        {
            if (scores[index] > scores[largest])
                largest = index;
        }
        return largest;
    }

    // How many classes come before the actual one: those with a higher score, or the same score and a lower index.
    private static int Rank(ReadOnlySpan<float> scores, int actual)
    {
        var rank = 0;
        for (var index = 0; index < scores.Length; index++)
        {
            if (scores[index] > scores[actual] || (scores[index] == scores[actual] && index < actual))
                rank++;
        }
        return rank;
    }
}
