using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>How much the samples of each class count in the training loss. The validation loss is not weighted by class.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(EqualClassWeights), "none")]
[JsonDerivedType(typeof(BalancedClassWeights), "balanced")]
[JsonDerivedType(typeof(GivenClassWeights), "given")]
[JsonDerivedType(typeof(AdaptiveClassWeights), "auto")]
public abstract record ClassWeighting
{
    private protected ClassWeighting() { }

    /// <summary>Whether the weights follow the validation, so that there must be one.</summary>
    [JsonIgnore]
    public virtual bool NeedsValidation => false;

    /// <summary>The weights of the first epoch; null where all classes count alike.</summary>
    /// <param name="samplesPerClass">The training samples of each class, none 0.</param>
    /// <param name="labels">The class names.</param>
    /// <exception cref="ArgumentException">A class is named that there is not.</exception>
    public abstract double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels);

    /// <summary>The weights of the next epoch.</summary>
    /// <param name="current">Those of the epoch that has ended.</param>
    /// <param name="validation">What the validation samples were taken for at its end; null without validation.</param>
    public virtual double[]? After(double[]? current, ConfusionCounts? validation) => current;

    internal virtual void Check(SettingProblems problems)
    {
    }

    private protected static double[] WithMeanOne(IEnumerable<double> weights)
    {
        double[] all = [.. weights];
        var mean = all.Average();
        return [.. all.Select(weight => weight / mean)];
    }
}

/// <summary>All classes count alike.</summary>
public sealed record EqualClassWeights : ClassWeighting
{
    /// <inheritdoc/>
    public override double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels) => null;
}

/// <summary>Rare classes count more, so that all classes together count alike: <c>n / (k · n[c])</c> for n samples of k classes.</summary>
/// <remarks>scikit-learn's <c>balanced</c>.</remarks>
public sealed record BalancedClassWeights : ClassWeighting
{
    /// <inheritdoc/>
    public override double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels)
    {
        var total = (double)samplesPerClass.Sum();
        return [.. samplesPerClass.Select(samples => total / (samplesPerClass.Count * samples))];
    }
}

/// <summary>Weights as given; a class that is not named has 1.</summary>
public sealed record GivenClassWeights : ClassWeighting
{
    /// <summary>Class name to weight, each above 0.</summary>
    public IReadOnlyDictionary<string, double> Weights
    {
        get;
        init => field = new SortedDictionary<string, double>(value.ToDictionary(), StringComparer.Ordinal); // the same text in any order
    } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels)
    {
        if (Weights.Keys.FirstOrDefault(name => !labels.Contains(name)) is { } unknown)
            throw new ArgumentException($"A class weight is given for '{unknown}', which is no class; the classes are {string.Join(", ", labels)}.");
        return [.. labels.Select(label => Weights.GetValueOrDefault(label, 1))];
    }

    internal override void Check(SettingProblems problems)
    {
        foreach (var (name, weight) in Weights)
            problems.Require(weight is > 0 and < double.PositiveInfinity, weight, "a number above 0", $"{nameof(Weights)}[{name}]");
    }
}

/// <summary>After each epoch, what keeps a class's F1 on the validation data down moves its weight: samples that were missed raise it, false alarms lower it.</summary>
/// <remarks>
/// <c>1 − F1 = (FN + FP) / (2·TP + FN + FP)</c>; the two parts of it pull in turn: <c>w ← w · exp(Strength · (FN − FP) / (2·TP + FN + FP))</c>,
/// brought to mean 1 and kept within the limit. More weight raises recall at the cost of precision, and F1 is near its best where the two
/// are alike: there the weight comes to rest, however low F1 still is. A class that neither occurs nor is predicted keeps its weight.
/// </remarks>
public sealed record AdaptiveClassWeights : ClassWeighting
{
    /// <summary>How fast weights move, above 0: at 1, a class of which nothing is found counts e times as much after an epoch.</summary>
    public double Strength { get; init; } = 0.5;

    /// <summary>A weight is at most this and at least its inverse, above 1.</summary>
    public double Limit { get; init; } = 10;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool NeedsValidation => true;

    /// <inheritdoc/>
    public override double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels) => [.. labels.Select(_ => 1.0)];

    /// <inheritdoc/>
    public override double[]? After(double[]? current, ConfusionCounts? validation)
    {
        if (current is null || validation is null) return current;
        var moved = WithMeanOne(current.Select((weight, index) => weight * Math.Exp(Strength * Pull(validation, index))));
        return [.. moved.Select(weight => Math.Clamp(weight, 1 / Limit, Limit))];
    }

    internal override void Check(SettingProblems problems)
    {
        problems.Require(Strength is > 0 and <= 10, Strength, "a number above 0 and at most 10");
        problems.Require(Limit is > 1 and <= 1000, Limit, "a number above 1 and at most 1000");
    }

    // FN − FP is the class's samples less its predictions.
    private static double Pull(ConfusionCounts counts, int index)
    {
        var (samples, predicted) = (counts.Support(index), counts.Predicted(index));
        return samples + predicted == 0 ? 0 : (double)(samples - predicted) / (samples + predicted);
    }
}
