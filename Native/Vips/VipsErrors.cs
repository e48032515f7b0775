using System.Runtime.InteropServices;

namespace MLPipelines.Native;

/// <summary>Finds out which of libvips's error texts belongs to which failure.</summary>
/// <remarks>
/// The library has one error buffer for all threads. So calls run side by side without looking at it; one that fails is repeated alone,
/// while no other runs, with an empty buffer: what it then says is its own.
/// </remarks>
internal static unsafe class VipsErrors
{
    private static readonly ReaderWriterLockSlim Calls = new();

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
            return call();
        }
        catch (VipsException failure)
        {
            throw new VipsException(failure.Message.Length > 0 ? failure.Message : Take());
        }
        finally
        {
            VipsApi.vips_error_clear();
            Calls.ExitWriteLock();
        }
    }

    /// <summary>The texts in the buffer, which is then empty.</summary>
    public static string Take()
    {
        var copy = VipsApi.vips_error_buffer_copy();
        var lines = Marshal.PtrToStringUTF8((nint)copy)!.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        VipsApi.g_free(copy);
        VipsApi.vips_error_clear();
        return lines.Length > 0 ? string.Join("; ", lines.Distinct()) : "no reason given";
    }
}

/// <summary>A call of libvips failed. Never leaves this project: the public methods say what was asked.</summary>
/// <param name="text">What went wrong; empty when it is still in the library's error buffer.</param>
internal sealed class VipsException(string text) : Exception(text)
{
    public VipsException() : this("")
    {
    }
}
