using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MLPipelines.Images;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>An open file of decoded images.</summary>
internal static class DecodedFile
{
    /// <summary>Opens a file; it cannot be removed by others until its pixels are disposed of.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key that it must have been written for.</param>
    /// <param name="shape">The shape that its images must have.</param>
    /// <param name="items">How many items the data set has.</param>
    /// <param name="check">Whether the images' hashes are checked; everything else always is.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <returns>The images, and the items that are not among them or noted.</returns>
    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="InvalidDataException">It is damaged or another; the message says in what way.</exception>
    /// <exception cref="IOException">It cannot be read, or is being removed.</exception>
    public static (PixelsInFile? Pixels, IReadOnlyList<ImageVerdict> Verdicts) Open(
        string path, string key, ImageShape shape, int items, bool check, CancellationToken cancellation)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        PixelsInFile? pixels = null;
        try
        {
            var (header, tablesHash) = DecodedFileHeader.Parse(Read(file, 0, DecodedFileHeader.Length), key, shape);
            var length = RandomAccess.GetLength(file);
            DecodedFileHeader.Require(
                header.TablesOffset == DecodedFileHeader.Length + header.PixelsLength && length == header.TablesOffset + header.TablesLength,
                $"it has {length:N0} bytes instead of {header.TablesOffset + header.TablesLength:N0}");
            var tables = Read(file, header.TablesOffset, header.TablesLength);
            DecodedFileHeader.Require(SHA256.HashData(tables).AsSpan().SequenceEqual(tablesHash), "its tables are damaged");
            var verdicts = Verdicts(tables.AsMemory(header.Blocks * SHA256.HashSizeInBytes));
            var leftOut = verdicts.Count(verdict => verdict.IsLeftOut);
            DecodedFileHeader.Require(header.Images + leftOut == items, $"it has {header.Images + leftOut:N0} items instead of {items:N0}");
            if (header.Images == 0) return (null, verdicts);

            var mapped = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            file = null;
            pixels = new PixelsInFile(mapped, DecodedFileHeader.Length, header.PixelsLength, shape.Size);
            if (check) Check(pixels, header.Blocks, tables, cancellation);
            return (pixels, verdicts);
        }
        catch
        {
            pixels?.Dispose();
            throw;
        }
        finally
        {
            if (pixels is null) file?.Dispose();
        }
    }

    private static void Check(PixelsInFile pixels, int blocks, byte[] tables, CancellationToken cancellation)
    {
        var damaged = 0;
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellation }, block =>
        {
            var offset = (long)block * DecodedFileHeader.BlockLength;
            var bytes = pixels.Bytes(offset, (int)Math.Min(DecodedFileHeader.BlockLength, pixels.Length - offset));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            if (!hash.SequenceEqual(tables.AsSpan(block * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes))) Interlocked.Increment(ref damaged);
        });
        DecodedFileHeader.Require(damaged == 0, $"{damaged:N0} of its {blocks:N0} blocks are damaged");
    }

    private static List<ImageVerdict> Verdicts(ReadOnlyMemory<byte> table)
    {
        using var reader = new BinaryReader(new MemoryStream(table.ToArray()), Encoding.UTF8);
        var verdicts = new List<ImageVerdict>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (item, isLeftOut, text, isDamage) = (reader.ReadInt32(), reader.ReadBoolean(), reader.ReadString(), reader.ReadBoolean());
            verdicts.Add(isLeftOut ? new ImageVerdict(item, text, Note: null) : new ImageVerdict(item, Reason: null, new ImageNote(text, isDamage)));
        }
        return verdicts;
    }

    private static byte[] Read(SafeFileHandle file, long offset, int length)
    {
        var bytes = new byte[length];
        for (int done = 0, read; done < length; done += read)
        {
            read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            DecodedFileHeader.Require(read > 0, "it is cut short");
        }
        return bytes;
    }
}
