namespace Microsoft.ML.Data;

/// <summary>How often each class was taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly IReadOnlyList<string> _names;

    /// <param name="counts">[actual][predicted], square.</param>
    /// <param name="names">The classes' names, or null: their indices stand for them.</param>
    internal ConfusionMatrix(double[][] counts, IReadOnlyList<string> names)
    {
        _names = names ?? [.. Enumerable.Range(0, counts.Length).Select(index => $"{index}")];
        Counts = counts;
        PerClassRecall = [.. counts.Select((row, index) => Share(row[index], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, index) => Share(row[index], counts.Sum(actual => actual[index])))];
    }

    /// <summary>The number of classes: the length of the score vector.</summary>
    public int NumberOfClasses => Counts.Count;

    /// <summary>Rows counted, <c>[actual][predicted]</c>. Rows whose label is no class of the model are not among them.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>Of the rows predicted as a class, the share that is one; 0 for a class that is never predicted.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Of the rows of a class, the share predicted as it; 0 for a class without rows.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>The counts as a text table with precision and recall; begins with an empty line, ends with a line break.</summary>
    public string GetFormattedConfusionTable() => ConfusionTable.Format(this, _names);

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
