namespace MLPipelines.Evaluation;

/// <summary>Writes a file as a whole or not at all: beside its place first, then moved there.</summary>
internal static class AtomicFile
{
    /// <summary>Replaces the file at <paramref name="path"/> by what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="IOException">The place cannot be written; whatever was there before is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } resolved ? resolved.FullName : Path.GetFullPath(path);

        // Devices and pipes such as /dev/stdout must be written into, not replaced.
        if (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        {
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        MustBeWritable(path, target);
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                write(stream);
            File.Move(temporary, target, overwrite: true);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"Cannot write '{path}': {exception.Message} Choose a folder that this user may write to.", exception);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The same with text in UTF-8.</summary>
    public static void WriteText(string path, Action<TextWriter> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            write(writer);
        });
    }

    private static void MustBeWritable(string path, string target)
    {
        if (Directory.Exists(target))
            throw new IOException($"Cannot write '{path}': it is a folder; give the name of a file in it.");
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
            throw new IOException($"Cannot write '{path}': there is no folder '{folder}'; create it first.");
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly))
            throw new IOException($"Cannot write '{path}': the file is read-only; choose another name or make it writable.");
    }
}
