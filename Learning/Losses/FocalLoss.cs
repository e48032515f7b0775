namespace MLPipelines.Learning;

/// <summary>Cross-entropy that counts samples less the surer the network is of them: <c>−w·(1 − p)^γ·log p</c>, p the label's probability.</summary>
/// <remarks>
/// Lin et al. 2017. Gradient for the logit z[j]: <c>w·(γ·p·(1 − p)^(γ−1)·log p − (1 − p)^γ)·([j is the label] − p[j])</c>. A mixed target has
/// the mixture of the two labels' losses. γ of 0 is <see cref="CrossEntropyLoss"/>.
/// </remarks>
public sealed record FocalLoss : Loss
{
    /// <summary>γ: how much less, at least 0; 2 is usual.</summary>
    public double Gamma { get; init; } = 2;

    private protected override double OfSoftmax(
        ReadOnlySpan<float> logits, Softmax softmax, SampleTarget target, ReadOnlySpan<float> classWeights, Span<float> gradient,
        double scale)
    {
        var first = Term(logits, softmax, target.Label, gradient, target.Share, classWeights);
        var second = target.Share < 1 ? Term(logits, softmax, target.OtherLabel, gradient, 1 - target.Share, classWeights) : default;
        for (var c = 0; c < gradient.Length; c++)
        {
            var atLabels = (c == target.Label ? first.Slope : 0) + (c == target.OtherLabel ? second.Slope : 0);
            gradient[c] = (float)(scale * (atLabels - gradient[c] / softmax.Sum * (first.Slope + second.Slope)));
        }

        return first.Loss + second.Loss;
    }

    /// <summary>A label's loss, and what its gradient multiplies ([j is the label] − p[j]) with.</summary>
    private (double Loss, double Slope) Term(
        ReadOnlySpan<float> logits, Softmax softmax, int label, ReadOnlySpan<float> exponentials, double share, ReadOnlySpan<float> classWeights)
    {
        var others = 0.0;
        for (var c = 0; c < exponentials.Length; c++)
        {
            if (c != label) others += exponentials[c];
        }

        // 1 − p from the other classes: taken from 1 it would lose its digits where p is close to 1.
        var rest = others / softmax.Sum;
        var logarithm = softmax.LogProbability(logits[label]);
        var weight = share * (classWeights.IsEmpty ? 1 : classWeights[label]);
        var power = Math.Pow(rest, Gamma);
        var steep = rest <= 0 ? 0 : Gamma * Math.Exp(logarithm) * power / rest * logarithm;
        return (-weight * power * logarithm, weight * (steep - power));
    }

    internal override void Check(SettingProblems problems) =>
        problems.Require(Gamma is >= 0 and <= 100, Gamma, "a number from 0 to 100");
}
