namespace MLPipelines.Learning;

/// <summary>Holds gradients down: all together by their norm, or each by itself. One of the two.</summary>
public sealed record GradientClipping
{
    /// <summary>Gradients are scaled so that the root of the sum of all their squares is at most this (Pascanu et al. 2013).</summary>
    /// <remarks>The factor is <c>min(1, limit / (norm + 10⁻⁶))</c>, as in PyTorch's <c>clip_grad_norm_</c>.</remarks>
    public double? GlobalNorm { get; init; }

    /// <summary>Every gradient is held between −value and value.</summary>
    public double? Value { get; init; }

    internal void Check(SettingProblems problems)
    {
        problems.Require(GlobalNorm is null or (> 0 and < double.PositiveInfinity), GlobalNorm, "a number above 0, or none");
        problems.Require(Value is null or (> 0 and < double.PositiveInfinity), Value, "a number above 0, or none");
        problems.Require(GlobalNorm is null != Value is null, GlobalNorm, "the only limit, or none beside Value: clip by norm or by value");
    }
}
