using System.Numerics;

namespace MLPipelines.Learning;

/// <summary>Stochastic gradient descent with momentum: <c>b ← μ·b + g</c>, <c>w ← w − η·b</c>, or by Nesterov <c>w ← w − η·(g + μ·b)</c>.</summary>
/// <remarks>As PyTorch's <c>SGD</c> without dampening. The usual learning rate is 0.01 to 0.1; the default is 0.01.</remarks>
public sealed record Sgd : OptimizerSettings
{
    /// <summary>A learning rate of 0.01 and a momentum of 0.9.</summary>
    public Sgd() => LearningRate = 0.01;

    /// <summary>μ: how much of the last step is kept, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient counts as if the momentum's step had been made (Nesterov 1983); needs a <see cref="Momentum"/>.</summary>
    public bool Nesterov { get; init; }

    internal override int MomentCount => Momentum > 0 ? 1 : 0;

    internal override float Update(in UpdateStep step, in WeightRun run)
    {
        var rate = new Vector<float>((float)-step.LearningRate);
        var decay = new Vector<float>(run.Decays ? (float)WeightDecay : 0);
        var momentum = new Vector<float>((float)Momentum);
        if (Momentum <= 0) return UpdateRule.Apply(new Plain(rate, decay), step, run);
        return Nesterov
            ? UpdateRule.Apply(new WithLookahead(rate, decay, momentum), step, run)
            : UpdateRule.Apply(new WithMomentum(rate, decay, momentum), step, run);
    }

    internal override void Check(SettingProblems problems)
    {
        base.Check(problems);
        problems.Require(Momentum is >= 0 and < 1, Momentum, "a number from 0 to below 1");
        problems.Require(!Nesterov || Momentum > 0, Nesterov, "false where Momentum is 0");
    }

    private readonly struct Plain(Vector<float> rate, Vector<float> decay) : IUpdateRule
    {
        public static int MomentCount => 0;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second) =>
            weight += rate * (gradient + decay * weight);
    }

    private readonly struct WithMomentum(Vector<float> rate, Vector<float> decay, Vector<float> momentum) : IUpdateRule
    {
        public static int MomentCount => 1;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            first = momentum * first + (gradient + decay * weight);
            weight += rate * first;
        }
    }

    private readonly struct WithLookahead(Vector<float> rate, Vector<float> decay, Vector<float> momentum) : IUpdateRule
    {
        public static int MomentCount => 1;

        public void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second)
        {
            gradient += decay * weight;
            first = momentum * first + gradient;
            weight += rate * (gradient + momentum * first);
        }
    }
}
