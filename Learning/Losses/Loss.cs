using System.Text.Json.Serialization;

namespace MLPipelines.Learning;

/// <summary>What training makes small: a number that says how wrong a sample's logits are, and its gradient.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CrossEntropyLoss), "crossentropy")]
[JsonDerivedType(typeof(FocalLoss), "focal")]
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>The loss of a sample, its gradient written beside the logits.</summary>
    /// <param name="logits">One per class.</param>
    /// <param name="target">What they should have said.</param>
    /// <param name="classWeights">One per class; empty for 1.</param>
    /// <param name="gradient">Is given the derivative of the loss for each logit, times <paramref name="scale"/>; as long as the logits.</param>
    /// <param name="scale">What the sample counts in the mean of a batch; the returned loss is not scaled.</param>
    /// <returns>The loss, at least 0; NaN where a logit is NaN or infinite, and then the gradient is NaN too.</returns>
    public double Of(
        ReadOnlySpan<float> logits, SampleTarget target, ReadOnlySpan<float> classWeights, Span<float> gradient, double scale = 1)
    {
        var largest = float.NegativeInfinity;
        var watch = 0f;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
            watch += logit * 0; // ∞ · 0 and NaN · 0 are NaN
        }

        if (float.IsNaN(watch))
        {
            gradient.Fill(float.NaN);
            return double.NaN;
        }

        // With the largest logit taken off, no exponential overflows and the sum is at least 1.
        var sum = 0.0;
        for (var c = 0; c < logits.Length; c++)
        {
            var exponential = Math.Exp((double)logits[c] - largest);
            gradient[c] = (float)exponential;
            sum += exponential;
        }

        return OfSoftmax(logits, new Softmax(largest, sum), target, classWeights, gradient, scale);
    }

    /// <summary>The loss from the softmax; <paramref name="gradient"/> holds exp(logit − largest) and is overwritten.</summary>
    private protected abstract double OfSoftmax(
        ReadOnlySpan<float> logits, Softmax softmax, SampleTarget target, ReadOnlySpan<float> classWeights, Span<float> gradient,
        double scale);

    internal abstract void Check(SettingProblems problems);

    /// <summary>The denominator of a softmax: the largest logit and Σ exp(logit − largest).</summary>
    private protected readonly record struct Softmax(double Largest, double Sum)
    {
        private readonly double logarithm = Largest + Math.Log(Sum);

        /// <summary>log p of a class with this logit; at most 0.</summary>
        public double LogProbability(float logit) => Math.Min(0, logit - logarithm);
    }
}

/// <summary>What a sample's logits should say: a class, or a mixture of two as <see cref="Mixup"/> makes it.</summary>
/// <param name="Label">The first class.</param>
/// <param name="OtherLabel">The second; the same where nothing is mixed.</param>
/// <param name="Share">λ: how much of the first, from 0 to 1; the rest is the second's.</param>
public readonly record struct SampleTarget(int Label, int OtherLabel, float Share)
{
    /// <summary>A single class.</summary>
    public SampleTarget(int label)
        : this(label, label, 1)
    {
    }

    /// <summary>The class with the greater share.</summary>
    public int MainLabel => Share >= 0.5f ? Label : OtherLabel;

    /// <summary>What the target counts: λ·w[first] + (1 − λ)·w[second].</summary>
    public double WeightBy(ReadOnlySpan<float> classWeights) =>
        classWeights.IsEmpty ? 1 : Share * (double)classWeights[Label] + (1 - Share) * (double)classWeights[OtherLabel];
}
