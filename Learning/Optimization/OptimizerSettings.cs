using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>Which rule moves the weights, and its constants; the definitions are PyTorch's, so that published settings can be taken over.</summary>
/// <remarks>
/// A rule is applied to every weight alone, in single precision and by additions, multiplications, divisions and square roots that IEEE 754
/// rounds exactly: the result depends neither on the number of threads nor on the kind of processor.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Sgd), "sgd")]
[JsonDerivedType(typeof(RmsProp), "rmsprop")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(AdamW), "adamw")]
public abstract record OptimizerSettings
{
    private protected OptimizerSettings() { }

    /// <summary>How far a step goes, above 0; the highest rate of a <see cref="LearningRateSchedule"/>.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How strongly weights are drawn to 0, at least 0. Biases and the scales and shifts of batch normalisation are left alone.</summary>
    /// <remarks>λ·w is added to the gradient (L2), except by <see cref="AdamW"/>.</remarks>
    public double WeightDecay { get; init; }

    /// <summary>How many numbers are remembered for each weight.</summary>
    internal abstract int MomentCount { get; }

    /// <summary>Moves a run of weights; 0 when all that was read and written is finite, NaN otherwise.</summary>
    internal abstract float Update(in UpdateStep step, in WeightRun run);

    internal virtual void Check(SettingProblems problems)
    {
        problems.Require(LearningRate is > 0 and < double.PositiveInfinity, LearningRate, "a number above 0");
        problems.Require(WeightDecay is >= 0 and < double.PositiveInfinity, WeightDecay, "a number of at least 0");
    }
}

/// <summary>One step of an optimiser: what is the same for all weights.</summary>
/// <param name="Number">From 1.</param>
/// <param name="LearningRate">As the schedule has it now.</param>
/// <param name="GradientScale">Every gradient is multiplied by this first: the factor of clipping by norm.</param>
/// <param name="GradientLimit">Then held between −limit and limit; infinite for no limit.</param>
internal readonly record struct UpdateStep(long Number, double LearningRate, float GradientScale, float GradientLimit);

/// <summary>Neighbouring weights with all that an update reads and writes.</summary>
internal readonly ref struct WeightRun(
    Span<float> weights, ReadOnlySpan<float> gradients, Span<float> firstMoments, Span<float> secondMoments, bool decays)
{
    public Span<float> Weights { get; } = weights;

    public ReadOnlySpan<float> Gradients { get; } = gradients;

    /// <summary>As long as the weights, or empty where the rule has none.</summary>
    public Span<float> FirstMoments { get; } = firstMoments;

    /// <summary>As long as the weights, or empty where the rule has none.</summary>
    public Span<float> SecondMoments { get; } = secondMoments;

    /// <summary>Whether weight decay applies to these weights.</summary>
    public bool Decays { get; } = decays;
}
