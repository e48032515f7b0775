using System.Globalization;
using System.Text.RegularExpressions;

namespace MLPipelines.Pipelines;

/// <summary>The folder of the decoded caches: names, locks between processes, what to remove when it is full.</summary>
/// <remarks>
/// Five kinds of files, all named by a SHA-256: <c>.images</c> decoded images, <c>.embeddings</c> what a backbone sees in images, <c>.index</c> what
/// was known of image files, <c>.partial</c> a file that is being written, <c>.lock</c> held by the process that writes it. Locks are the operating
/// system's, so that they end with the process, however it ends. Nothing with another name is ever touched.
/// </remarks>
internal sealed partial class CacheFolder(string path, TimeProvider clock)
{
    public const string Images = ".images", Embeddings = ".embeddings", Index = ".index", Partial = ".partial";
    private const string Lock = ".lock";

    public string Path => path;

    /// <summary>The place of a finished file.</summary>
    public string PathOf(string key, string kind) => System.IO.Path.Combine(path, key + kind);

    /// <summary>A new place for a file in the making.</summary>
    public string NewPartial(string key) => System.IO.Path.Combine(
        path, string.Create(CultureInfo.InvariantCulture, $"{key}.{Environment.ProcessId}-{Guid.NewGuid():N}{Partial}"));

    /// <summary>Takes the lock on a key, or gives back null where somebody else holds it. Disposing gives it free.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public FileStream? TryLock(string key)
    {
        try
        {
            return new FileStream(PathOf(key, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (IsInUse(error))
        {
            return null;
        }
    }

    /// <summary>Notes that a file was used now.</summary>
    public void Touch(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A cache that belongs to somebody else may be read without being able to change it; then its owner's use counts alone.
        }
    }

    /// <summary>Removes what processes left behind that were ended while they wrote.</summary>
    public void Sweep()
    {
        foreach (var file in Files(Partial))
        {
            // Who writes holds the key's lock until the file has its final name.
            using var gate = TryLock(System.IO.Path.GetFileName(file)[..64]);
            if (gate is not null) File.Delete(file);
        }
    }

    /// <summary>Removes the files used longest ago until <paramref name="bytes"/> more keep within the limit.</summary>
    /// <exception cref="IOException">They do not, even without all that is not in use.</exception>
    public void MakeRoom(long bytes, long limit)
    {
        var files = Files(Images).Concat(Files(Embeddings)).Concat(Files(Index)).Select(file => new FileInfo(file)).Where(file => file.Exists)
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
        var total = files.Sum(file => file.Length) + bytes;
        foreach (var file in files.TakeWhile(_ => bytes <= limit))
        {
            if (total <= limit) break;
            if (TryRemove(file.FullName)) total -= file.Length;
        }
        if (total > limit)
        {
            throw new IOException(
                $"{bytes:N0} bytes more would make {total:N0} in '{path}', and the limit is {limit:N0} ({nameof(DecodedCacheSettings)}."
                + $"{nameof(DecodedCacheSettings.LimitBytes)}).");
        }
    }

    /// <summary>Removes a file unless somebody has it open.</summary>
    public static bool TryRemove(string file)
    {
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a file could not be opened because somebody else has it open: EAGAIN on Linux and macOS, a sharing violation on
    /// Windows.</summary>
    public static bool IsInUse(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private IEnumerable<string> Files(string kind) =>
        Directory.EnumerateFiles(path, "*" + kind).Where(file => OwnName().IsMatch(System.IO.Path.GetFileName(file)));

    [GeneratedRegex(@"^[0-9a-f]{64}(\.[0-9]+-[0-9a-f]{32}\.partial|\.images|\.embeddings|\.index)$", RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}
