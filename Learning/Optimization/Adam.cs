using System.Numerics;

namespace MLPipelines.Learning;

/// <summary>Running mean and size of the gradient, corrected for their start at 0 (Kingma and Ba 2015).</summary>
/// <remarks>
/// <c>m ← β₁·m + (1 − β₁)·g</c>, <c>v ← β₂·v + (1 − β₂)·g²</c>, <c>w ← w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)</c>. Weight decay, if any, is
/// added to the gradient, as in PyTorch's <c>Adam</c>; <see cref="AdamW"/> keeps it apart.
/// </remarks>
public record Adam : OptimizerSettings
{
    /// <summary>β₁: how slowly the mean forgets, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂: how slowly the size forgets, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε: keeps the division from exploding where gradients vanish, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override int MomentCount => 2;

    /// <summary>Whether weights decay by themselves rather than through the gradient.</summary>
    private protected virtual bool DecaysApart => false;

    internal override float Update(in UpdateStep step, in WeightRun run)
    {
        var decay = run.Decays ? WeightDecay : 0;
        return UpdateRule.Apply(new Rule(this, step, DecaysApart ? 0 : decay, DecaysApart ? 1 - step.LearningRate * decay : 1), step, run);
    }

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(Beta1 is >= 0 and < 1, Beta1, "a number from 0 to below 1");
        problems.Require(Beta2 is >= 0 and < 1, Beta2, "a number from 0 to below 1");
        problems.Require(Epsilon is > 0 and < double.PositiveInfinity, Epsilon, "a number above 0");
    }

    private readonly struct Rule(Adam constants, in UpdateStep step, double decay, double shrink) : IUpdateRule
    {
        private readonly Vector<float> beta1 = new((float)constants.Beta1), oneMinusBeta1 = new((float)(1 - constants.Beta1));
        private readonly Vector<float> beta2 = new((float)constants.Beta2), oneMinusBeta2 = new((float)(1 - constants.Beta2));
        private readonly Vector<float> rate = new((float)(-step.LearningRate / (1 - Math.Pow(constants.Beta1, step.Number))));
        private readonly Vector<float> rootOfCorrection = new((float)Math.Sqrt(1 - Math.Pow(constants.Beta2, step.Number)));
        private readonly Vector<float> epsilon = new((float)constants.Epsilon), decay = new((float)decay), shrink = new((float)shrink);

        public static int MomentCount => 2;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            gradient += decay * weight;
            weight *= shrink;
            first = beta1 * first + oneMinusBeta1 * gradient;
            second = beta2 * second + oneMinusBeta2 * gradient * gradient;
            weight += rate * first / (Vector.SquareRoot(second) / rootOfCorrection + epsilon);
        }
    }
}

/// <summary><see cref="Adam"/> whose weights decay by themselves: <c>w ← (1 − η·λ)·w</c> before each step (Loshchilov and Hutter 2019).</summary>
/// <remarks>As PyTorch's <c>AdamW</c>, decay 0.01 by default.</remarks>
public sealed record AdamW : Adam
{
    /// <summary>The constants of <see cref="Adam"/> with a decay of 0.01.</summary>
    public AdamW() => WeightDecay = 0.01;

    private protected override bool DecaysApart => true;
}
