using System.Numerics;

namespace MLPipelines.Learning;

/// <summary>Steps divided by the running size of the gradient: <c>v ← ρ·v + (1 − ρ)·g²</c>, <c>w ← w − η·g / (√v + ε)</c> (Hinton 2012).</summary>
/// <remarks>ε stands outside the root, as in PyTorch and in Keras before 3; the constants are those of Keras.</remarks>
public sealed record RmsProp : OptimizerSettings
{
    /// <summary>ρ: how slowly the running size forgets, from 0 to below 1.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>ε: keeps the division from exploding where gradients vanish, above 0.</summary>
    public double Epsilon { get; init; } = 1e-7;

    internal override int MomentCount => 1;

    internal override float Update(in UpdateStep step, in WeightRun run) => UpdateRule.Apply(
        new Rule((float)-step.LearningRate, (float)Rho, (float)(1 - Rho), (float)Epsilon, run.Decays ? (float)WeightDecay : 0), step, run);

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(Rho is >= 0 and < 1, Rho, "a number from 0 to below 1");
        problems.Require(Epsilon is > 0 and < double.PositiveInfinity, Epsilon, "a number above 0");
    }

    private readonly struct Rule(float rate, float rho, float oneMinusRho, float epsilon, float decay) : IUpdateRule
    {
        private readonly Vector<float> rate = new(rate), rho = new(rho), oneMinusRho = new(oneMinusRho), epsilon = new(epsilon), decay = new(decay);

        public static int MomentCount => 1;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            gradient += decay * weight;
            first = rho * first + oneMinusRho * gradient * gradient;
            weight += rate * gradient / (Vector.SquareRoot(first) + epsilon);
        }
    }
}
