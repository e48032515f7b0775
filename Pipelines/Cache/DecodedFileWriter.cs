using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MLPipelines.Learning;

namespace MLPipelines.Pipelines;

/// <summary>Writes a file of decoded images.</summary>
internal sealed class DecodedFileWriter : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly ImageShape shape;
    private readonly IncrementalHash block = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream tables = new();
    private long written;

    /// <param name="path">Where to; the file must not exist.</param>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="images">How many are expected: room for them is taken from the disk at once, so that it cannot run out on the way.</param>
    /// <exception cref="IOException">The disk has no room, or the folder cannot be written.</exception>
    public DecodedFileWriter(string path, ImageShape shape, int images)
    {
        this.shape = shape;
        file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None,
            DecodedFileHeader.Length + (long)images * shape.Size);
    }

    /// <summary>Appends whole images.</summary>
    public void Write(ReadOnlySpan<byte> pixels)
    {
        RandomAccess.Write(file, pixels, DecodedFileHeader.Length + written);
        while (pixels.Length > 0)
        {
            var part = pixels[..(int)Math.Min(pixels.Length, DecodedFileHeader.BlockLength - written % DecodedFileHeader.BlockLength)];
            block.AppendData(part);
            written += part.Length;
            pixels = pixels[part.Length..];
            if (written % DecodedFileHeader.BlockLength == 0) tables.Write(block.GetHashAndReset());
        }
    }

    /// <summary>Writes tables and header, and waits until everything is on the disk.</summary>
    public void Complete(string key, IReadOnlyList<ImageVerdict> verdicts)
    {
        if (written % DecodedFileHeader.BlockLength > 0) tables.Write(block.GetHashAndReset());
        using (var writer = new BinaryWriter(tables, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(verdicts.Count);
            foreach (var verdict in verdicts)
            {
                writer.Write(verdict.Item);
                writer.Write(verdict.IsLeftOut);
                writer.Write(verdict.Reason ?? verdict.Note!.Text);
                writer.Write(verdict.Note is { IsDamage: true });
            }
        }
        var table = tables.GetBuffer().AsSpan(0, (int)tables.Length);
        var header = new DecodedFileHeader(shape, (int)(written / shape.Size), DecodedFileHeader.Length + written, table.Length);
        RandomAccess.Write(file, table, header.TablesOffset);
        RandomAccess.SetLength(file, header.TablesOffset + table.Length);
        RandomAccess.FlushToDisk(file);
        RandomAccess.Write(file, header.ToBytes(key, table), 0);
        RandomAccess.FlushToDisk(file);
    }

    public void Dispose()
    {
        file.Dispose();
        block.Dispose();
    }
}
