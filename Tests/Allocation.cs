namespace MLPipelines.Tests;

/// <summary>Bytes that the calling thread allocates, the least of three measurements: what another test's garbage collection adds to one of them is left out.</summary>
internal static class Allocation
{
    private const int Times = 3;

    /// <summary>The bytes of an action.</summary>
    public static long Of(Action action) => Least(() =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <summary>The least of what a function measures itself.</summary>
    public static long Least(Func<long> measure) => Enumerable.Range(0, Times).Min(_ => measure());
}
