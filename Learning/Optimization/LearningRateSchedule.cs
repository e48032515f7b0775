using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>How the learning rate goes through a training: a factor of the optimiser's rate for every step.</summary>
/// <remarks>A step is a batch. The definitions are PyTorch's, with its per-epoch schedules counted in epochs and the others in steps.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(OneCycleSchedule), "onecycle")]
[JsonDerivedType(typeof(PlateauSchedule), "plateau")]
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule() { }

    /// <summary>Epochs, also parts of one, in which the rate first climbs in a straight line; the schedule itself begins after them.</summary>
    /// <remarks>Of <c>n</c> steps of warm-up, step <c>i</c> (from 0) has the factor <c>(i + 1) / (n + 1)</c> (Goyal et al. 2017).</remarks>
    public double WarmUpEpochs { get; init; }

    /// <summary>Whether the rates change when the number of epochs does.</summary>
    [JsonIgnore]
    public virtual bool DependsOnLength => false;

    /// <summary>The factor of a step.</summary>
    /// <param name="step">From 0 to <paramref name="totalSteps"/> − 1, over all epochs.</param>
    /// <param name="stepsPerEpoch">Batches in an epoch.</param>
    /// <param name="totalSteps">Batches in all epochs.</param>
    public double FactorAt(long step, int stepsPerEpoch, long totalSteps)
    {
        var warmUp = Math.Min((long)Math.Round(WarmUpEpochs * stepsPerEpoch), totalSteps);
        return step < warmUp ? (step + 1.0) / (warmUp + 1) : Factor(step - warmUp, stepsPerEpoch, totalSteps - warmUp);
    }

    private protected abstract double Factor(long step, int stepsPerEpoch, long totalSteps);

    internal virtual void Check(SettingProblems problems) =>
        problems.Require(WarmUpEpochs is >= 0 and < 1e6, WarmUpEpochs, "a number of epochs, at least 0");
}

/// <summary>Always the same learning rate.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    private protected override double Factor(long step, int stepsPerEpoch, long totalSteps) => 1;
}

/// <summary>The rate falls by a factor every few epochs: <c>Drop^⌊epoch / EveryEpochs⌋</c>, epochs from 0; PyTorch's <c>StepLR</c>.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Epochs between two falls, at least 1.</summary>
    public int EveryEpochs { get; init; } = 10;

    /// <summary>What the rate is multiplied by, above 0 and at most 1.</summary>
    public double Drop { get; init; } = 0.1;

    private protected override double Factor(long step, int stepsPerEpoch, long totalSteps) => Math.Pow(Drop, step / stepsPerEpoch / EveryEpochs);

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(EveryEpochs >= 1, EveryEpochs, "at least 1");
        problems.Require(Drop is > 0 and <= 1, Drop, "a number above 0 and at most 1");
    }
}

/// <summary>The learning rate falls along half a cosine, step by step, from the full rate to the last: PyTorch's <c>CosineAnnealingLR</c>.</summary>
/// <remarks><c>f + (1 − f) · (1 + cos(π · step / steps)) / 2</c> (Loshchilov and Hutter 2017).</remarks>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>f: what the factor goes to at the end, from 0 to 1.</summary>
    public double FinalFactor { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool DependsOnLength => true;

    private protected override double Factor(long step, int stepsPerEpoch, long totalSteps) =>
        FinalFactor + (1 - FinalFactor) * (1 + Math.Cos(Math.PI * step / totalSteps)) / 2;

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(FinalFactor is >= 0 and <= 1, FinalFactor, "a number from 0 to 1");
    }
}

/// <summary>The learning rate climbs from a low start to the full rate and falls to almost nothing, both along half a cosine.</summary>
/// <remarks>Smith and Topin 2018; PyTorch's <c>OneCycleLR</c> with its two phases and without a cycle of the momentum.</remarks>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>The share of the steps in which the rate climbs, between 0 and 1.</summary>
    public double ClimbingShare { get; init; } = 0.3;

    /// <summary>The first rate is the full one divided by this, at least 1.</summary>
    public double StartDivisor { get; init; } = 25;

    /// <summary>The last rate is the first one divided by this, at least 1.</summary>
    public double EndDivisor { get; init; } = 1e4;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool DependsOnLength => true;

    private protected override double Factor(long step, int stepsPerEpoch, long totalSteps)
    {
        var top = ClimbingShare * totalSteps - 1;
        var (first, last) = (1 / StartDivisor, 1 / StartDivisor / EndDivisor);
        return step <= top ? Between(first, 1, step / top) : Between(1, last, (step - top) / Math.Max(totalSteps - 1 - top, 1));

        static double Between(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;
    }

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(WarmUpEpochs <= 0, WarmUpEpochs, "0: one cycle warms up by itself");
        problems.Require(ClimbingShare is > 0 and < 1, ClimbingShare, "a number between 0 and 1");
        problems.Require(StartDivisor is >= 1 and < double.PositiveInfinity, StartDivisor, "at least 1");
        problems.Require(EndDivisor is >= 1 and < double.PositiveInfinity, EndDivisor, "at least 1");
    }
}
