namespace MLPipelines.Learning;

/// <summary>Which way a metric is wanted to go.</summary>
public enum MetricDirection
{
    /// <summary>As the metric itself says: losses down, all else up.</summary>
    Auto,

    /// <summary>Down.</summary>
    Lower,

    /// <summary>Up.</summary>
    Higher,
}

/// <summary>Watches a metric: the weights of its best epoch are kept, and training stops when it has stopped getting better.</summary>
/// <remarks>The rules are those of Keras' <c>EarlyStopping</c>. An epoch whose metric is undefined (NaN) is never better.</remarks>
public sealed record EarlyStopping
{
    /// <summary>The metric, as <see cref="TrainingMetric.Parse"/> reads it: <c>val_loss</c>, <c>val_f1_macro</c>, <c>val_f1[shirt]</c>.</summary>
    public string Metric { get; init; } = "val_loss";

    /// <summary>Which way it is wanted to go.</summary>
    public MetricDirection Direction { get; init; }

    /// <summary>After how many epochs in a row without improvement training stops, at least 1; null only keeps the best weights.</summary>
    public int? Patience { get; init; } = 5;

    /// <summary>A value counts as better when it is so by more than this, at least 0.</summary>
    public double MinimumDelta { get; init; }

    /// <summary>While no value is better than this, every epoch counts against <see cref="Patience"/>, also one that improves.</summary>
    public double? Baseline { get; init; }

    /// <summary>The first epoch that is looked at, from 1; those before are neither best nor counted.</summary>
    public int StartFromEpoch { get; init; } = 1;

    /// <summary>Whether the network ends with the weights of the best epoch, rather than the last.</summary>
    public bool RestoresBest { get; init; } = true;

    internal void Check(SettingProblems problems)
    {
        problems.Require(!string.IsNullOrWhiteSpace(Metric), Metric, "the name of a metric, such as val_loss");
        problems.Require(Enum.IsDefined(Direction), Direction, "Auto, Lower or Higher");
        problems.Require(Patience is null or >= 1, Patience, "at least 1, or none");
        problems.Require(MinimumDelta is >= 0 and < double.PositiveInfinity, MinimumDelta, "a number of at least 0");
        problems.Require(Baseline is null || double.IsFinite(Baseline.Value), Baseline, "a finite number, or none");
        problems.Require(StartFromEpoch >= 1, StartFromEpoch, "at least 1");
    }
}

/// <summary>Where the watch on a metric stands: immutable, one value per epoch.</summary>
/// <param name="Best">The best value so far; NaN before the first.</param>
/// <param name="BestEpoch">Its epoch; null before the first.</param>
/// <param name="Waited">Epochs in a row that count against the patience.</param>
public sealed record EarlyStoppingState(double Best, int? BestEpoch, int Waited)
{
    /// <summary>Before the first epoch.</summary>
    public static EarlyStoppingState Start { get; } = new(double.NaN, null, 0);

    /// <summary>The state after an epoch; the epoch was the best where its number is the new <see cref="BestEpoch"/>.</summary>
    /// <param name="rules">What counts.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="value">The metric after it.</param>
    /// <param name="higherIsBetter">The direction.</param>
    public EarlyStoppingState After(EarlyStopping rules, int epoch, double value, bool higherIsBetter)
    {
        if (epoch < rules.StartFromEpoch) return this;
        if (!IsBetter(value, Best)) return this with { Waited = Waited + 1 };
        var counts = rules.Baseline is { } baseline && !IsBetter(value, baseline);
        return new EarlyStoppingState(value, epoch, counts ? Waited + 1 : 0);

        bool IsBetter(double candidate, double than) =>
            !double.IsNaN(candidate) && (double.IsNaN(than) || (higherIsBetter ? candidate - than : than - candidate) > rules.MinimumDelta);
    }

    /// <summary>Whether the patience is at its end.</summary>
    public bool IsOver(EarlyStopping rules) => Waited >= rules.Patience;
}
