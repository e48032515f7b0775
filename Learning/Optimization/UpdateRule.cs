using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLPipelines.Learning;

/// <summary>The formula of an optimiser for a few weights at once; the gradient is scaled and clipped already.</summary>
internal interface IUpdateRule
{
    /// <summary>How many of the two moments the rule reads and writes.</summary>
    static abstract int MomentCount { get; }

    void Apply(Vector<float> gradient, ref Vector<float> weight, ref Vector<float> first, ref Vector<float> second);
}

/// <summary>Applies a rule to a run of weights: one pass in which every number is read once and written once.</summary>
internal static class UpdateRule
{
    /// <summary>0 when all gradients and new weights are finite, NaN otherwise.</summary>
    public static float Apply<TRule>(TRule rule, in UpdateStep step, in WeightRun run)
        where TRule : struct, IUpdateRule
    {
        var watch = Vector<float>.Zero;
        var whole = run.Weights.Length / Vector<float>.Count * Vector<float>.Count;
        Sweep(rule, step, run, 0, whole, ref watch);
        var rest = run.Weights.Length - whole;
        if (rest > 0) SweepRest(rule, step, run, whole, rest, ref watch);
        return Vector.Sum(watch);
    }

    private static void Sweep<TRule>(TRule rule, in UpdateStep step, in WeightRun run, int from, int to, ref Vector<float> watch)
        where TRule : struct, IUpdateRule
    {
        ref var weights = ref MemoryMarshal.GetReference(run.Weights);
        ref var gradients = ref MemoryMarshal.GetReference(run.Gradients);
        ref var firsts = ref MemoryMarshal.GetReference(run.FirstMoments);
        ref var seconds = ref MemoryMarshal.GetReference(run.SecondMoments);
        var scale = new Vector<float>(step.GradientScale);
        var limit = new Vector<float>(step.GradientLimit);
        var notFinite = watch;
        for (var i = (nuint)from; i < (nuint)to; i += (nuint)Vector<float>.Count)
        {
            var gradient = Vector.LoadUnsafe(ref gradients, i) * scale;
            notFinite += gradient * Vector<float>.Zero; // ∞ · 0 and NaN · 0 are NaN
            gradient = Vector.MinNative(Vector.MaxNative(gradient, -limit), limit);
            var weight = Vector.LoadUnsafe(ref weights, i);
            var first = TRule.MomentCount > 0 ? Vector.LoadUnsafe(ref firsts, i) : default;
            var second = TRule.MomentCount > 1 ? Vector.LoadUnsafe(ref seconds, i) : default;
            rule.Apply(gradient, ref weight, ref first, ref second);
            notFinite += weight * Vector<float>.Zero;
            Vector.StoreUnsafe(weight, ref weights, i);
            if (TRule.MomentCount > 0) Vector.StoreUnsafe(first, ref firsts, i);
            if (TRule.MomentCount > 1) Vector.StoreUnsafe(second, ref seconds, i);
        }

        watch = notFinite;
    }

    /// <summary>The last few weights, in the front of whole vectors.</summary>
    [SkipLocalsInit]
    private static void SweepRest<TRule>(TRule rule, in UpdateStep step, in WeightRun run, int from, int count, ref Vector<float> watch)
        where TRule : struct, IUpdateRule
    {
        Span<float> numbers = stackalloc float[4 * Vector<float>.Count];
        numbers.Clear();
        Span<float> weights = Part(numbers, 0), gradients = Part(numbers, 1), firsts = Part(numbers, 2), seconds = Part(numbers, 3);
        run.Weights.Slice(from, count).CopyTo(weights);
        run.Gradients.Slice(from, count).CopyTo(gradients);
        if (TRule.MomentCount > 0) run.FirstMoments.Slice(from, count).CopyTo(firsts);
        if (TRule.MomentCount > 1) run.SecondMoments.Slice(from, count).CopyTo(seconds);
        Sweep(rule, step, new WeightRun(weights, gradients, firsts, seconds, run.Decays), 0, Vector<float>.Count, ref watch);
        weights[..count].CopyTo(run.Weights[from..]);
        if (TRule.MomentCount > 0) firsts[..count].CopyTo(run.FirstMoments[from..]);
        if (TRule.MomentCount > 1) seconds[..count].CopyTo(run.SecondMoments[from..]);

        static Span<float> Part(Span<float> numbers, int part) => numbers.Slice(part * Vector<float>.Count, Vector<float>.Count);
    }
}
