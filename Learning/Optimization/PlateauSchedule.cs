namespace MLPipelines.Learning;

/// <summary>The learning rate falls when a metric has not become better for some epochs: PyTorch's <c>ReduceLROnPlateau</c>.</summary>
public sealed record PlateauSchedule : LearningRateSchedule
{
    /// <summary>The metric that must become better, as <see cref="TrainingMetric"/> reads it.</summary>
    public string Metric { get; init; } = "val_loss";

    /// <summary>How many epochs in a row may be no better before the rate falls, at least 0.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>What the rate is multiplied by, above 0 and below 1.</summary>
    public double Drop { get; init; } = 0.1;

    /// <summary>A value counts as better when it is so by this share of the best so far, from 0 to below 1.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>For how many epochs after a fall nothing is counted, at least 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>The lowest that the factor of the rate falls to, from 0 to 1.</summary>
    public double LowestFactor { get; init; }

    private protected override double Factor(long step, int stepsPerEpoch, long totalSteps) => 1;

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(!string.IsNullOrWhiteSpace(Metric), Metric, "the name of a metric, such as val_loss");
        problems.Require(Patience >= 0, Patience, "at least 0");
        problems.Require(Drop is > 0 and < 1, Drop, "a number above 0 and below 1");
        problems.Require(Threshold is >= 0 and < 1, Threshold, "a number from 0 to below 1");
        problems.Require(Cooldown >= 0, Cooldown, "at least 0");
        problems.Require(LowestFactor is >= 0 and <= 1, LowestFactor, "a number from 0 to 1");
    }
}

/// <summary>Where a <see cref="PlateauSchedule"/> stands: immutable, one value per epoch.</summary>
/// <param name="Factor">What the learning rate is multiplied by now.</param>
/// <param name="Best">The best value so far; NaN before the first.</param>
/// <param name="BadEpochs">Epochs in a row that were no better.</param>
/// <param name="CooldownLeft">Epochs for which nothing is counted yet.</param>
public sealed record PlateauState(double Factor, double Best, int BadEpochs, int CooldownLeft)
{
    /// <summary>Before the first epoch.</summary>
    public static PlateauState Start { get; } = new(1, double.NaN, 0, 0);

    /// <summary>The state after an epoch. A value that is NaN is no better than any.</summary>
    /// <param name="schedule">The rules.</param>
    /// <param name="value">The metric after the epoch.</param>
    /// <param name="higherIsBetter">The metric's direction.</param>
    public PlateauState After(PlateauSchedule schedule, double value, bool higherIsBetter)
    {
        var isBetter = double.IsNaN(Best)
            ? !double.IsNaN(value)
            : higherIsBetter ? value > Best * (1 + schedule.Threshold) : value < Best * (1 - schedule.Threshold);
        var next = isBetter ? this with { Best = value, BadEpochs = 0 } : this with { BadEpochs = BadEpochs + 1 };
        if (next.CooldownLeft > 0) next = next with { CooldownLeft = next.CooldownLeft - 1, BadEpochs = 0 };
        return next.BadEpochs > schedule.Patience
            ? next with { Factor = Math.Max(Factor * schedule.Drop, schedule.LowestFactor), BadEpochs = 0, CooldownLeft = schedule.Cooldown }
            : next;
    }
}
