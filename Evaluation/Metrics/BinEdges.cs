namespace MLPipelines.Evaluation;

/// <summary>Bins of equal width over 0 to 1, closed above: (b/B, (b+1)/B]; 0 is in the first.</summary>
internal sealed class BinEdges(int count)
{
    private readonly double[] edges = [.. Enumerable.Range(0, count + 1).Select(edge => (double)edge / count)];

    /// <summary>The edge below bin <paramref name="index"/>, from 0 to the number of bins.</summary>
    public double this[int index] => edges[index];

    /// <summary>The bin that holds the value; what lies outside by rounding is in the first or the last.</summary>
    public int BinOf(double value)
    {
        // The product may round across an edge; the edges themselves decide.
        var bin = Math.Clamp((int)(value * count), 0, count - 1);
        if (value <= edges[bin])
            return Math.Max(0, bin - 1);
        return value > edges[bin + 1] ? Math.Min(bin + 1, count - 1) : bin;
    }
}
