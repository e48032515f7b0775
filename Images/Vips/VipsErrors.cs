using System.Runtime.InteropServices;

namespace MLPipelines.Images;

/// <summary>Finds out which of libvips's error texts belongs to which failure.</summary>
/// <remarks>
/// The library has one error buffer for all threads. So calls run side by side without looking at it; one that fails is repeated alone,
/// while no other runs, with an empty buffer: what it then says is its own.
/// </remarks>
internal static unsafe class VipsErrors
{
    private static readonly ReaderWriterLockSlim Calls = new();

    // Some decoders say what is wrong in the log alone. Null while nothing is to be attributed.
    private static List<string>? log;

    /// <summary>Notes a line of the library's log, on whichever of its threads.</summary>
    public static void Note(string line)
    {
        if (Volatile.Read(ref log) is not { } lines)
            return;
        lock (lines)
            lines.Add(line);
    }

    /// <summary>Runs <paramref name="call"/>, which must not depend on having been run before, and must not call this again.</summary>
    /// <exception cref="VipsException">The call fails alone, too.</exception>
    public static T Attributed<T>(Func<T> call)
    {
        Calls.EnterReadLock();
        try
        {
            return call();
        }
        catch (VipsException)
        {
            // Repeated below.
        }
        finally
        {
            Calls.ExitReadLock();
        }

        Calls.EnterWriteLock();
        try
        {
            VipsApi.vips_error_clear();
            Volatile.Write(ref log, []);
            return call();
        }
        catch (VipsException)
        {
            throw new VipsException(Take());
        }
        finally
        {
            Volatile.Write(ref log, null);
            VipsApi.vips_error_clear();
            Calls.ExitWriteLock();
        }
    }

    /// <summary>The texts in the buffer, which is then empty, and in the log.</summary>
    public static string Take()
    {
        var copy = VipsApi.vips_error_buffer_copy();
        var lines = Marshal.PtrToStringUTF8((nint)copy)!.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        VipsApi.g_free(copy);
        VipsApi.vips_error_clear();
        if (log is { } logged)
        {
            lock (logged)
                lines = [.. lines, .. logged];
        }

        return lines.Length > 0 ? string.Join("; ", lines.Distinct()) : "no reason given";
    }
}

/// <summary>A call of libvips failed. Never leaves this project: the public methods say what was asked.</summary>
/// <param name="text">What went wrong; empty while it is still in the library's error buffer.</param>
internal sealed class VipsException(string text = "") : Exception(text);
