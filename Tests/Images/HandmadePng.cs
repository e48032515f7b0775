using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLPipelines.Tests.Images;

/// <summary>PNGs of kinds that no encoder of ours writes.</summary>
internal static class HandmadePng
{
    /// <summary>One row of 16-bit grey.</summary>
    /// <param name="row">The values.</param>
    /// <param name="chunks">What stands between header and pixels.</param>
    public static byte[] Grey16(ushort[] row, params (string Name, byte[] Content)[] chunks)
    {
        var bytes = new byte[1 + (2 * row.Length)];
        for (var i = 0; i < row.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1 + (2 * i)), row[i]);
        return Of(row.Length, 1, 16, 0, bytes, chunks);
    }

    /// <summary>A whole file.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="bits">Bits of a sample.</param>
    /// <param name="colors">0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.</param>
    /// <param name="rows">Each with its filter byte before.</param>
    /// <param name="chunks">What stands between header and pixels.</param>
    public static byte[] Of(int width, int height, byte bits, byte colors, byte[] rows, params (string Name, byte[] Content)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colors);
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
            zlib.Write(rows);
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", header), .. chunks.SelectMany(chunk => Chunk(chunk.Name, chunk.Content)),
            .. Chunk("IDAT", compressed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    /// <summary>PNG's check sum of a chunk's type and data.</summary>
    public static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0 - (crc & 1)));
        }

        return ~crc;
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(name), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }
}
