namespace Microsoft.ML;

/// <summary>What a trainer likes its data to be.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool needNormalization, bool wantCaching) => (NeedNormalization, WantCaching) = (needNormalization, wantCaching);

    /// <summary>Whether it learns better from features of a common range.</summary>
    public bool NeedNormalization { get; }

    /// <summary>Whether it goes through the data more than once. The engine's trainers copy the data, so a cache gains nothing here.</summary>
    public bool WantCaching { get; }
}
