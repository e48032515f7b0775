using System.Numerics;

namespace MLPipelines.Learning;

/// <summary>
/// Steps divided by the running size of the gradient: <c>v ← ρ·v + (1 − ρ)·g²</c>, <c>w ← w − η·g / (√v + ε)</c> (Hinton 2012); with momentum
/// <c>b ← μ·b + g / (√v + ε)</c>, <c>w ← w − η·b</c>.
/// </summary>
/// <remarks>
/// As PyTorch's <c>RMSprop</c>, not centred: ε stands outside the root, as in Keras before 3, and the momentum is of the divided gradient. The
/// constants are those of Keras.
/// </remarks>
public sealed record RmsProp : OptimizerSettings
{
    /// <summary>ρ: how slowly the running size forgets, from 0 to below 1.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>ε: keeps the division from exploding where gradients vanish, above 0.</summary>
    public double Epsilon { get; init; } = 1e-7;

    /// <summary>μ: how much of the last step is kept, from 0 to below 1.</summary>
    public double Momentum { get; init; }

    internal override int MomentCount => Momentum > 0 ? 2 : 1;

    internal override float Update(in UpdateStep step, in WeightRun run)
    {
        var size = new RunningSize((float)Rho, (float)(1 - Rho), (float)Epsilon, run.Decays ? (float)WeightDecay : 0);
        var rate = new Vector<float>((float)-step.LearningRate);
        return Momentum > 0
            ? UpdateRule.Apply(new WithMomentum(rate, size, new Vector<float>((float)Momentum)), step, run)
            : UpdateRule.Apply(new Plain(rate, size), step, run);
    }

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(Rho is >= 0 and < 1, Rho, "a number from 0 to below 1");
        problems.Require(Epsilon is > 0 and < double.PositiveInfinity, Epsilon, "a number above 0");
        problems.Require(Momentum is >= 0 and < 1, Momentum, "a number from 0 to below 1");
    }

    /// <summary>What both rules share: the gradient with its decay, and √v + ε after v has taken it in.</summary>
    private readonly struct RunningSize(float rho, float oneMinusRho, float epsilon, float decay)
    {
        private readonly Vector<float> rho = new(rho), oneMinusRho = new(oneMinusRho), epsilon = new(epsilon), decay = new(decay);

        public Vector<float> TakeIn(ref Vector<float> gradient, Vector<float> weight, ref Vector<float> size)
        {
            gradient += decay * weight;
            size = rho * size + oneMinusRho * gradient * gradient;
            return Vector.SquareRoot(size) + epsilon;
        }
    }

    private readonly struct Plain(Vector<float> rate, RunningSize size) : IUpdateRule
    {
        public static int MomentCount => 1;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            var divisor = size.TakeIn(ref gradient, weight, ref first);
            weight += rate * gradient / divisor;
        }
    }

    private readonly struct WithMomentum(Vector<float> rate, RunningSize size, Vector<float> momentum) : IUpdateRule
    {
        public static int MomentCount => 2;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            var divisor = size.TakeIn(ref gradient, weight, ref first);
            second = momentum * second + gradient / divisor;
            weight += rate * second;
        }
    }
}
