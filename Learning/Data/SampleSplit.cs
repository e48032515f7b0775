namespace MLPipelines.Learning;

/// <summary>Holds samples back from training, class by class.</summary>
public static class SampleSplit
{
    /// <summary>Cuts samples in two parts in which each class has its share, to within half a sample.</summary>
    /// <param name="samples">What to cut.</param>
    /// <param name="heldShare">The share of the second part, above 0 and below 1.</param>
    /// <param name="seed">Another seed, another cut.</param>
    /// <returns>Both in the order of the samples. A class stays in the first part with one sample at least.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static (SampleSubset Training, SampleSubset Held) Stratified(ISampleSource samples, double heldShare, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (heldShare is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(heldShare), heldShare, "The held share must lie between 0 and 1.");
        var isHeld = new bool[samples.Count];
        foreach (var group in Enumerable.Range(0, samples.Count).GroupBy(samples.LabelOf))
        {
            int[] members = [.. group];
            new SeededRandom(SeededRandom.Key(seed, (ulong)group.Key)).Shuffle<int>(members);
            var held = Math.Min(members.Length - 1, (int)Math.Round(heldShare * members.Length, MidpointRounding.AwayFromZero));
            foreach (var member in members.AsSpan(0, held)) isHeld[member] = true;
        }

        return (new SampleSubset(samples, Enumerable.Range(0, samples.Count).Where(i => !isHeld[i])), new SampleSubset(samples, Enumerable.Range(0, samples.Count).Where(i => isHeld[i])));
    }
}
