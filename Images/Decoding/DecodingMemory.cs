namespace MLPipelines.Images;

/// <summary>Keeps the memory of large images within bounds: one that does not fit beside those being decoded waits for them.</summary>
/// <remarks>Whatever an image needs is reserved at once, so that no two wait for each other; one that is larger than the limit is decoded alone.
/// Small images are not counted: as many as there are threads do no harm.</remarks>
internal static class DecodingMemory
{
    /// <summary>Bytes that all large images being decoded take together.</summary>
    public const long Limit = 1L << 30;

    private const long LargestUncounted = 16L << 20;

    private static readonly object Gate = new();
    private static long taken;

    /// <summary>Waits until there is room.</summary>
    /// <returns>Dispose of it when the memory is free again; null where so little needs no counting.</returns>
    public static IDisposable? Reserve(long bytes)
    {
        if (bytes <= LargestUncounted)
            return null;
        lock (Gate)
        {
            while (taken > 0 && taken + bytes > Limit)
                Monitor.Wait(Gate);
            taken += bytes;
        }

        return new Reservation(bytes);
    }

    /// <summary>Room that was reserved.</summary>
    private sealed class Reservation(long bytes) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                taken -= bytes;
                bytes = 0;
                Monitor.PulseAll(Gate);
            }
        }
    }
}
