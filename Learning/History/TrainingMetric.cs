namespace MLPipelines.Learning;

/// <summary>One number of an epoch, by name: to stop on, to choose the best weights by, to plot.</summary>
/// <remarks>
/// <c>loss</c>, <c>accuracy</c>, <c>f1_macro</c>, <c>precision_macro</c>, <c>recall_macro</c>, and of one class <c>f1[shirt]</c>,
/// <c>precision[shirt]</c>, <c>recall[shirt]</c>; each of the training data, or with <c>val_</c> before it of the validation data; and
/// <c>learning_rate</c>. Names of metrics are compared without regard to case, names of classes exactly. Immutable.
/// </remarks>
public sealed class TrainingMetric
{
    private const string OfValidation = "val_";

    private static readonly Dictionary<string, Func<PartRecord, double>> OfPart = new(StringComparer.OrdinalIgnoreCase)
    {
        ["loss"] = part => part.Loss,
        ["accuracy"] = part => part.Confusion.Accuracy,
        ["f1_macro"] = part => part.Confusion.MacroF1,
        ["precision_macro"] = part => part.Confusion.MacroPrecision,
        ["recall_macro"] = part => part.Confusion.MacroRecall,
    };

    private static readonly Dictionary<string, Func<ConfusionCounts, int, double>> OfClass = new(StringComparer.OrdinalIgnoreCase)
    {
        ["f1"] = (counts, index) => counts.F1(index),
        ["precision"] = (counts, index) => counts.Precision(index),
        ["recall"] = (counts, index) => counts.Recall(index),
    };

    private readonly Func<EpochRecord, double> valueOf;

    private TrainingMetric(string name, bool higherIsBetter, bool needsValidation, bool ofOneClass, Func<EpochRecord, double> valueOf)
    {
        (Name, HigherIsBetter, NeedsValidation, OfOneClass) = (name, higherIsBetter, needsValidation, ofOneClass);
        this.valueOf = valueOf;
    }

    /// <summary>Its name, metric in lower case, such as <c>val_f1[Shirt]</c>.</summary>
    public string Name { get; }

    /// <summary>Whether more is better: of everything but a loss.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>Whether it is of the validation data, and undefined without.</summary>
    public bool NeedsValidation { get; }

    /// <summary>Whether it tells of one class rather than of all.</summary>
    public bool OfOneClass { get; }

    /// <summary>The metric of this name.</summary>
    /// <param name="name">As told in the remarks of <see cref="TrainingMetric"/>.</param>
    /// <param name="labels">The class names, in the order of the confusion counts.</param>
    /// <exception cref="ArgumentException">There is no such metric or no such class; the message lists what there is.</exception>
    public static TrainingMetric Parse(string name, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Trim();
        if (wanted.Equals("learning_rate", StringComparison.OrdinalIgnoreCase))
            return new("learning_rate", higherIsBetter: true, needsValidation: false, ofOneClass: false, epoch => epoch.LearningRate);

        var validation = wanted.StartsWith(OfValidation, StringComparison.OrdinalIgnoreCase);
        var rest = validation ? wanted[OfValidation.Length..] : wanted;
        var bracket = rest.IndexOf('[', StringComparison.Ordinal);
        var key = (bracket < 0 ? rest : rest[..bracket]).ToLowerInvariant();
        if (bracket < 0 && OfPart.TryGetValue(key, out var ofPart))
            return Of(key, higherIsBetter: key != "loss", ofPart);

        if (bracket >= 0 && rest.EndsWith(']') && OfClass.TryGetValue(key, out var ofClass))
        {
            var label = rest[(bracket + 1)..^1];
            var index = IndexOf(label, labels, name);
            return Of($"{key}[{label}]", higherIsBetter: true, part => ofClass(part.Confusion, index));
        }

        throw new ArgumentException($"'{name}' is no metric of a training; there are {Known(labels)}.", nameof(name));

        TrainingMetric Of(string plain, bool higherIsBetter, Func<PartRecord, double> value) => validation
            ? new(OfValidation + plain, higherIsBetter, needsValidation: true, bracket >= 0, epoch => epoch.Validation is { } part ? value(part) : double.NaN)
            : new(plain, higherIsBetter, needsValidation: false, bracket >= 0, epoch => value(epoch.Training));
    }

    /// <summary>The metrics of one part: those of all classes together, then those of each class.</summary>
    /// <param name="labels">The class names.</param>
    /// <param name="validation">Whether of the validation data.</param>
    public static IEnumerable<TrainingMetric> All(IReadOnlyList<string> labels, bool validation)
    {
        var prefix = validation ? OfValidation : "";
        var ofClasses = labels.SelectMany(label => OfClass.Keys.Select(key => $"{key}[{label}]"));
        return OfPart.Keys.Concat(ofClasses).Select(name => Parse(prefix + name, labels));
    }

    /// <summary>The value in this epoch; NaN where it is undefined, also where there was no validation.</summary>
    public double Of(EpochRecord epoch) => valueOf(epoch);

    /// <summary>Whether <paramref name="value"/> is better than <paramref name="than"/>; any number is better than NaN, which never is.</summary>
    /// <param name="value">The value in question.</param>
    /// <param name="than">The one to beat, by custom the best so far.</param>
    /// <param name="byMoreThan">By more than this it must be better. Default: 0.</param>
    public bool IsBetter(double value, double than, double byMoreThan = 0) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (HigherIsBetter ? value - than : than - value) > byMoreThan);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static int IndexOf(string label, IReadOnlyList<string> labels, string name)
    {
        for (var index = 0; index < labels.Count; index++)
        {
            if (labels[index] == label)
                return index;
        }

        const int Listed = 30;
        var names = string.Join(", ", labels.Take(Listed).Select(other => $"'{other}'"));
        var nearest = labels.MinBy(other => Edits(label.ToLowerInvariant(), other.ToLowerInvariant()));
        throw new ArgumentException(
            $"'{name}' names the class '{label}', which there is not{(nearest is null ? "" : $"; did you mean '{nearest}'?")} "
            + $"The classes are {names}{(labels.Count > Listed ? $" and {labels.Count - Listed} more" : "")}.",
            nameof(name));
    }

    private static string Known(IReadOnlyList<string> labels)
    {
        var example = labels.Count > 0 ? labels[0] : "class";
        return $"{string.Join(", ", OfPart.Keys)}, of one class {string.Join(", ", OfClass.Keys.Select(key => $"{key}[{example}]"))}, "
            + "each also with val_ before it for the validation data, and learning_rate";
    }

    /// <summary>Levenshtein’s distance: the fewest letters to insert, remove or replace.</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], diagonal));
            }
        }

        return row[^1];
    }
}
