using Microsoft.ML.OnnxRuntime;

namespace MLPipelines.Onnx;

/// <summary>Disposes of a session after the last run: <see cref="InferenceSession.Dispose()"/> during a run ends the process.</summary>
internal sealed class SessionOwner(InferenceSession session) : IDisposable
{
    // One for the owner, one for each run; at 0 the session is gone.
    private int uses = 1;
    private int disposed;

    /// <summary>The session, kept alive until the answer is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed of before.</exception>
    public Use InUse()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, typeof(OnnxSession));
        var seen = Volatile.Read(ref uses);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen == 0, typeof(OnnxSession));
            var before = Interlocked.CompareExchange(ref uses, seen + 1, seen);
            if (before == seen)
                return new(this);
            seen = before;
        }
    }

    /// <summary>Waits for no run; the last one frees the session.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref uses) == 0)
            session.Dispose();
    }

    public readonly ref struct Use(SessionOwner owner)
    {
        public InferenceSession Session => owner.Session;

        public void Dispose() => owner.Release();
    }

    private InferenceSession Session => session;
}
