namespace MLPipelines.Learning;

/// <summary>A stopwatch that is read lap by lap.</summary>
internal sealed class LapClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private long last = time.GetTimestamp();

    /// <summary>Since the clock was made.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Seconds since the last lap.</summary>
    public double Lap()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(last, now).TotalSeconds;
        last = now;
        return seconds;
    }
}
