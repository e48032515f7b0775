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
    /// <param name="f1">The F1 of each class on the validation samples at its end, NaN where undefined; null without validation.</param>
    public virtual double[]? After(double[]? current, IReadOnlyList<double>? f1) => current;

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

/// <summary>After each epoch, classes with a low F1 on the validation data count more, and those with a high F1 less.</summary>
/// <remarks>
/// With e[c] = 1 − F1[c] and ē its mean over the classes: <c>goal[c] = clamp((e[c] / ē)^Strength, 1 / Limit, Limit)</c>, brought to mean 1;
/// <c>w ← (1 − Pace)·w + Pace·goal</c>. A class whose F1 is undefined, and every class where ē is 0, has the goal 1. The goal follows F1 itself,
/// not its change, and it is bounded: a class that has caught up falls back towards 1, and as only a part of the way is gone each time, the
/// weights settle instead of swinging.
/// </remarks>
public sealed record AdaptiveClassWeights : ClassWeighting
{
    /// <summary>How strongly weights follow F1, above 0: 1 makes a class with twice the mean of 1 − F1 count twice.</summary>
    public double Strength { get; init; } = 0.5;

    /// <summary>The share of the way to the goal that is gone after an epoch, above 0 and at most 1.</summary>
    public double Pace { get; init; } = 0.3;

    /// <summary>A goal is at most this and at least its inverse (before the mean is brought to 1), above 1.</summary>
    public double Limit { get; init; } = 3;

    /// <inheritdoc/>
    public override bool NeedsValidation => true;

    /// <inheritdoc/>
    public override double[]? AtFirst(IReadOnlyList<long> samplesPerClass, IReadOnlyList<string> labels) => [.. labels.Select(_ => 1.0)];

    /// <inheritdoc/>
    public override double[]? After(double[]? current, IReadOnlyList<double>? f1)
    {
        if (current is null || f1 is null) return current;
        double[] errors = [.. f1.Select(value => 1 - value)];
        var mean = errors.Where(double.IsFinite).DefaultIfEmpty(0).Average();
        var goal = WithMeanOne(errors.Select(error =>
            mean > 0 && double.IsFinite(error) ? Math.Clamp(Math.Pow(error / mean, Strength), 1 / Limit, Limit) : 1));
        return [.. current.Zip(goal, (weight, wanted) => (1 - Pace) * weight + Pace * wanted)];
    }

    internal override void Check(SettingProblems problems)
    {
        problems.Require(Strength is > 0 and <= 10, Strength, "a number above 0 and at most 10");
        problems.Require(Pace is > 0 and <= 1, Pace, "a number above 0 and at most 1");
        problems.Require(Limit is > 1 and <= 1000, Limit, "a number above 1 and at most 1000");
    }
}
