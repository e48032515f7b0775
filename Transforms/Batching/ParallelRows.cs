namespace MLPipelines.Batching;

/// <summary>Runs the rows of a batch on all cores.</summary>
internal static class ParallelRows
{
    /// <summary>Calls <paramref name="body"/> for <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1, in any order.</summary>
    /// <remarks>
    /// A single row runs on the caller's thread and throws as it is; of several, the exceptions come together in an
    /// <see cref="AggregateException"/>, whereupon <see cref="BatchedCursor"/> computes row by row.
    /// </remarks>
    public static void For(int first, int count, Action<int> body)
    {
        if (count == 1)
            body(first);
        else
            Parallel.For(first, first + count, body);
    }
}
