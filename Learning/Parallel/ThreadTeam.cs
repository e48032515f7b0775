using System.Runtime.ExceptionServices;

namespace MLPipelines.Learning;

/// <summary>A few threads that share out small items of work, thousands of times a second.</summary>
/// <remarks>
/// Items are taken from a counter, so that a thread that loses its core for a moment does not hold up the others; a thread that comes when
/// all is done is not waited for. Which thread takes which item is not decided: results are reproducible where every item writes only what
/// is its own. Between two runs the threads spin for a fraction of a millisecond and then sleep. One run at a time.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;
    private const int AllTaken = int.MaxValue;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim[] wake;
    private readonly int[] asleep;

    // The number of the run in the upper half, the next item in the lower: an item is taken only from the run that was looked at.
    private long ticket;
    private Action<int, int> body = static (_, _) => { };
    private int items;
    private int done;
    private ExceptionDispatchInfo? failure;
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

        // First no item can be taken, neither of the last run nor of this one; a thread that is late finds the ticket changed.
        Interlocked.Exchange(ref ticket, NextRun(AllTaken));
        (body, items, failure) = (work, count, null);
        Volatile.Write(ref done, 0);
        Interlocked.Exchange(ref ticket, NextRun(0));
        WakeSleepers();
        TakeItems(0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref done) < count) spinner.SpinOnce(sleep1Threshold: -1);
        failure?.Throw();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (isClosed) return;
        isClosed = true;
        Interlocked.Exchange(ref ticket, NextRun(AllTaken));
        WakeSleepers();
        foreach (var thread in threads) thread.Join();
        foreach (var semaphore in wake) semaphore.Dispose();
    }

    private static int RunOf(long ticket) => (int)(ticket >> 32);

    private long NextRun(int firstItem) => ((long)(RunOf(ticket) + 1) << 32) + firstItem;

    private void WakeSleepers()
    {
        for (var i = 0; i < threads.Length; i++)
        {
            if (Volatile.Read(ref asleep[i]) == 1 && Interlocked.Exchange(ref asleep[i], 0) == 1) wake[i].Release();
        }
    }

    private void Work(int worker)
    {
        var seen = 0;
        while (!isClosed)
        {
            WaitForRunAfter(seen, worker);
            seen = RunOf(Volatile.Read(ref ticket));
            TakeItems(worker);
        }
    }

    private void WaitForRunAfter(int seen, int worker)
    {
        for (var spins = 0; RunOf(Volatile.Read(ref ticket)) == seen; spins++)
        {
            if (spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(20);
                continue;
            }

            // Whoever sets the flag back answers for the wake-up: the caller releases the semaphore, or this thread saw the new run itself.
            Interlocked.Exchange(ref asleep[worker - 1], 1);
            if (RunOf(Volatile.Read(ref ticket)) == seen || Interlocked.Exchange(ref asleep[worker - 1], 0) == 0) wake[worker - 1].Wait();
            spins = 0;
        }
    }

    private void TakeItems(int worker)
    {
        var mine = RunOf(Volatile.Read(ref ticket));
        while (true)
        {
            // Number and limit belong together if the ticket has not changed in between, which the exchange finds out.
            var seen = Volatile.Read(ref ticket);
            if (RunOf(seen) != mine || (int)seen >= Volatile.Read(ref items)) return;
            if (Interlocked.CompareExchange(ref ticket, seen + 1, seen) != seen) continue;
            try
            {
                if (Volatile.Read(ref failure) is null) body((int)seen, worker);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            }

            Interlocked.Increment(ref done);
        }
    }
}
