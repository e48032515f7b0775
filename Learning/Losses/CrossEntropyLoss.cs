namespace MLPipelines.Learning;

/// <summary>Softmax and cross-entropy in one: <c>−Σ w[c]·t[c]·log p[c]</c>, gradient <c>p[c]·Σ w·t − w[c]·t[c]</c>.</summary>
/// <remarks>
/// t is the target, smoothed: <c>(1 − ε)·[c is the label] + ε / classes</c> (Szegedy et al. 2016). Class weights w multiply the terms of the
/// sum, as PyTorch's <c>CrossEntropyLoss</c> has it; without smoothing that is <c>p − t</c> times the weight of the label's class.
/// </remarks>
public sealed record CrossEntropyLoss : Loss
{
    /// <summary>ε: how much of the target is shared among all classes, from 0 to below 1.</summary>
    public double LabelSmoothing { get; init; }

    private protected override double OfSoftmax(
        ReadOnlySpan<float> logits, Softmax softmax, SampleTarget target, ReadOnlySpan<float> classWeights, Span<float> gradient,
        double scale)
    {
        double floor = LabelSmoothing / logits.Length, first = (1 - LabelSmoothing) * target.Share, second = 1 - LabelSmoothing - first;
        double loss = 0, total = 0;
        for (var c = 0; c < logits.Length; c++)
        {
            var weighted = Weighted(c, classWeights);
            total += weighted;
            if (weighted != 0) loss -= weighted * softmax.LogProbability(logits[c]);
        }

        for (var c = 0; c < logits.Length; c++) gradient[c] = (float)(scale * (gradient[c] / softmax.Sum * total - Weighted(c, classWeights)));
        return loss;

        double Weighted(int c, ReadOnlySpan<float> weights) =>
            (floor + (c == target.Label ? first : 0) + (c == target.OtherLabel ? second : 0)) * (weights.IsEmpty ? 1 : weights[c]);
    }

    internal override void Check(SettingProblems problems) =>
        problems.Require(LabelSmoothing is >= 0 and < 1, LabelSmoothing, "a number from 0 to below 1");
}
