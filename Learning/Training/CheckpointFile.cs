using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MLPipelines.Learning;

/// <summary>Named sections of bytes in one file that is written as a whole or not at all, and that knows when it is damaged.</summary>
/// <remarks>
/// The form, little-endian: the eight letters <c>MLPTRAIN</c>, a version (4 bytes), the length of the rest (8), its SHA-256 (32), and the
/// rest: for each section the length of its name (4), its name in UTF-8, its length (8) and its bytes.
/// </remarks>
internal static class CheckpointFile
{
    private const int Version = 2;
    private const int HeadLength = 8 + 4 + 8 + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "MLPTRAIN"u8;

    /// <summary>Writes a file beside its place, brings it to the disk and moves it there.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, Action<SectionWriter> writeSections)
    {
        var temporary = path + ".new";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                file.Write(stackalloc byte[HeadLength]);
                using var hash = SHA256.Create();
                using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true)) writeSections(new SectionWriter(hashed));
                WriteHead(file, file.Position - HeadLength, hash.Hash!);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            RemoveIfPossible(temporary);
            throw new IOException(
                $"Cannot write the checkpoint '{path}': {error.Message} {(File.Exists(path) ? "The one that was there is untouched. " : "")}"
                + "Make room or choose another folder, and resume.",
                error);
        }
    }

    /// <summary>Reads a file and checks it.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint, of a newer version, cut off or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Read(string path)
    {
        var bytes = ReadAll(path);
        if (bytes.Length < HeadLength || !bytes.AsSpan().StartsWith(Magic))
            throw Damaged(path, "is no checkpoint of a training, or not even its beginning is left");
        var version = BitConverter.ToInt32(bytes, 8);
        if (version != Version)
            throw Damaged(path, $"is of version {version}, and this program reads version {Version}");
        var length = BitConverter.ToInt64(bytes, 12);
        var rest = bytes.AsMemory(HeadLength);
        if (rest.Length != length) throw Damaged(path, $"has {bytes.Length} bytes where {length + HeadLength} were written");
        if (!SHA256.HashData(rest.Span).AsSpan().SequenceEqual(bytes.AsSpan(20, SHA256.HashSizeInBytes)))
            throw Damaged(path, "does not have the checksum it was written with");
        return Sections(rest);
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"Cannot read the checkpoint '{path}': {error.Message}", error);
        }
    }

    private static InvalidDataException Damaged(string path, string how) => new(
        $"The checkpoint '{path}' {how}: it cannot be gone on from. Put another checkpoint of the same folder in its place, or begin anew in an "
        + "empty folder.");

    private static void WriteHead(FileStream file, long length, byte[] hash)
    {
        file.Position = 0;
        file.Write(Magic);
        file.Write(BitConverter.GetBytes(Version));
        file.Write(BitConverter.GetBytes(length));
        file.Write(hash);
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Sections(ReadOnlyMemory<byte> rest)
    {
        var sections = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (!rest.IsEmpty)
        {
            var name = Take(ref rest, BitConverter.ToInt32(Take(ref rest, 4).Span));
            sections[Encoding.UTF8.GetString(name.Span)] = Take(ref rest, (int)BitConverter.ToInt64(Take(ref rest, 8).Span));
        }

        return sections;

        static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int length)
        {
            var taken = rest[..length];
            rest = rest[length..];
            return taken;
        }
    }

    /// <summary>The write has failed and says so; that its beginning cannot be removed either, as on a disk gone away, adds nothing.</summary>
    private static void RemoveIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Trace.TraceWarning($"'{path}' is left behind: {error.Message}");
        }
    }

    /// <summary>Appends sections.</summary>
    internal sealed class SectionWriter(Stream stream)
    {
        public void Add(string name, ReadOnlySpan<byte> content)
        {
            var nameBytes = Encoding.UTF8.GetBytes(name);
            stream.Write(BitConverter.GetBytes(nameBytes.Length));
            stream.Write(nameBytes);
            stream.Write(BitConverter.GetBytes((long)content.Length));
            stream.Write(content);
        }

        public void Add(string name, ReadOnlySpan<float> values) => Add(name, MemoryMarshal.AsBytes(values));
    }
}
