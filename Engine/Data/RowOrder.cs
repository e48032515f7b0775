namespace Microsoft.ML;

/// <summary>The order rows are read in.</summary>
internal static class RowOrder
{
    /// <summary>0 … count − 1, shuffled where a random source is given.</summary>
    public static IReadOnlyList<int> Of(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random?.Shuffle(order);
        return order;
    }
}
