using System.Runtime.ExceptionServices;

namespace MLPipelines.Learning;

/// <summary>A few threads that share out small items of work, thousands of times a second.</summary>
/// <remarks>
/// Items are taken from a counter, so that a thread that loses its core for a moment does not hold up the others. Which thread takes
/// which item is not decided: results are reproducible where every item writes only what is its own. Between two runs the threads spin
/// for a fraction of a millisecond and then sleep. One run at a time.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim[] wake;
    private readonly int[] asleep;
    private Action<int, int> body = static (_, _) => { };
    private ExceptionDispatchInfo? failure;
    private int items;
    private int next;
    private int generation;
    private int busy;
    private volatile bool isClosed;

    /// <summary>Starts the threads; the caller of <see cref="For"/> is one of the team.</summary>
    /// <param name="count">How many work at once; 0 takes all processors.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ThreadTeam(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count == 0 ? Environment.ProcessorCount : count;
        threads = new Thread[Count - 1];
        wake = new SemaphoreSlim[Count - 1];
        asleep = new int[Count - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            var worker = i + 1;
            wake[i] = new SemaphoreSlim(0);
            threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"Learning {worker}" };
            threads[i].Start();
        }
    }

    /// <summary>How many threads work at once, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Calls <paramref name="work"/> with every item from 0 to <paramref name="count"/> − 1 and returns when all are done.</summary>
    /// <param name="count">How many items.</param>
    /// <param name="work">Is given the item and the number of the thread, from 0 to <see cref="Count"/> − 1. Keep it in a field: a new
    /// delegate is an allocation.</param>
    /// <exception cref="Exception">The first that <paramref name="work"/> threw; items not begun by then are left out.</exception>
    public void For(int count, Action<int, int> work)
    {
        if (threads.Length == 0 || count <= 1)
        {
            for (var item = 0; item < count; item++) work(item, 0);
            return;
        }

        body = work;
        items = count;
        failure = null;
        Volatile.Write(ref next, 0);
        Volatile.Write(ref busy, threads.Length);
        Interlocked.Increment(ref generation);
        for (var i = 0; i < threads.Length; i++)
        {
            if (Interlocked.Exchange(ref asleep[i], 0) == 1) wake[i].Release();
        }

        TakeItems(0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref busy) > 0) spinner.SpinOnce(sleep1Threshold: -1);
        failure?.Throw();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (isClosed) return;
        isClosed = true;
        Interlocked.Increment(ref generation);
        foreach (var semaphore in wake) semaphore.Release();
        foreach (var thread in threads) thread.Join();
        foreach (var semaphore in wake) semaphore.Dispose();
    }

    private void Work(int worker)
    {
        var seen = 0;
        while (true)
        {
            for (var spins = 0; Volatile.Read(ref generation) == seen; spins++)
            {
                if (spins < SpinsBeforeSleep)
                {
                    Thread.SpinWait(20);
                    continue;
                }

                // Whoever sets the flag back answers for the wake-up: the caller releases the semaphore, or this thread saw the change itself.
                Volatile.Write(ref asleep[worker - 1], 1);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref generation) == seen || Interlocked.Exchange(ref asleep[worker - 1], 0) == 0) wake[worker - 1].Wait();
                spins = 0;
            }

            if (isClosed) return;
            seen = Volatile.Read(ref generation);
            TakeItems(worker);
            Interlocked.Decrement(ref busy);
        }
    }

    private void TakeItems(int worker)
    {
        try
        {
            for (int item; (item = Interlocked.Increment(ref next) - 1) < items;) body(item, worker);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            Volatile.Write(ref next, items);
        }
    }
}
