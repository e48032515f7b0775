using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace MLPipelines.Images;

/// <summary>Turns the samples of a TIFF, whatever numbers they are, into bytes: the whole range of the type becomes 0 to 255.</summary>
/// <remarks>
/// Integers keep their upper 8 bits, signed ones without the sign. Of floats the range is known to nobody: values up to 1 are taken for 0 to 1,
/// others up to 255 for 0 to 255. What cannot be scaled without guessing is refused.
/// </remarks>
internal static class TiffSamples
{
    private const int Unsigned = (int)SampleFormat.UINT, Signed = (int)SampleFormat.INT, Float = (int)SampleFormat.IEEEFP;

    /// <summary>Whether samples of this kind can be turned into bytes.</summary>
    public static bool Knows(int format, int bits) => (format, bits) is
        (Unsigned, 1 or 2 or 4 or 8 or 16 or 32) or (Signed, 8 or 16 or 32) or (Float, 32 or 64);

    /// <summary>For messages: <c>of 16 bits a sample, signed</c>.</summary>
    public static string Describe(int format, int bits) => string.Create(
        CultureInfo.InvariantCulture,
        $"of {bits} bits a sample{format switch { Unsigned => "", Signed => ", signed", Float => ", floating point", _ => ", of an unknown kind" }}");

    /// <summary>Takes single samples out of packed rows: of 1, 2 or 4 bits, and their values as they are.</summary>
    /// <param name="row">A row as the file has it.</param>
    /// <param name="bits">1, 2 or 4.</param>
    /// <param name="samples">Receives a byte for each.</param>
    public static void Unpack(ReadOnlySpan<byte> row, int bits, Span<byte> samples)
    {
        var mask = (1 << bits) - 1;
        for (var i = 0; i < samples.Length; i++)
        {
            var bit = i * bits;
            samples[i] = (byte)((row[bit >> 3] >> (8 - bits - (bit & 7))) & mask);
        }
    }

    /// <summary>Scales samples to bytes.</summary>
    /// <param name="raw">In the machine's byte order; of fewer than 8 bits, one a byte.</param>
    /// <param name="format">How to read them.</param>
    /// <param name="bits">Bits of each.</param>
    /// <param name="bytes">Receives a byte for each sample; may be where <paramref name="raw"/> is.</param>
    /// <param name="file">For errors.</param>
    /// <returns>What should be known; mostly null.</returns>
    /// <exception cref="InvalidDataException">They cannot be scaled without guessing.</exception>
    public static ImageNote? Scale(ReadOnlySpan<byte> raw, int format, int bits, Span<byte> bytes, ImageFile file)
    {
        switch ((format, bits))
        {
            case (Unsigned, < 8):
                var factor = 255 / ((1 << bits) - 1);
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(raw[i] * factor);
                return null;
            case (Unsigned, 8):
                raw.CopyTo(bytes);
                return null;
            case (Unsigned, 16):
                return Integers<ushort>(raw, 8, bytes, file);
            case (Unsigned, 32):
                return Integers<uint>(raw, 24, bytes, file);
            case (Signed, 8):
                return Integers<sbyte>(raw, -1, bytes, file);
            case (Signed, 16):
                return Integers<short>(raw, 7, bytes, file);
            case (Signed, 32):
                return Integers<int>(raw, 23, bytes, file);
            case (Float, 32):
                return Floats<float>(raw, bytes, file);
            default:
                return Floats<double>(raw, bytes, file);
        }
    }

    private static ImageNote? Integers<T>(ReadOnlySpan<byte> raw, int shift, Span<byte> bytes, ImageFile file)
        where T : unmanaged, IBinaryInteger<T>
    {
        var samples = MemoryMarshal.Cast<byte, T>(raw);
        var largest = T.Zero;
        foreach (var sample in samples)
        {
            if (T.IsNegative(sample))
                throw file.Unsupported($"with negative values ({sample})", "shift them to 0 and up, or save it with 8 bits");
            largest = T.Max(largest, sample);
        }

        var bits = int.CreateTruncating(T.PopCount(T.AllBitsSet));
        var used = bits - int.CreateTruncating(T.LeadingZeroCount(largest));
        if (bits == 32 && used is > 0 && used <= shift)
        {
            throw file.Unsupported(
                $"of 32 bits a sample with values up to {largest} alone, all of which would become black",
                "save it with the bits that it uses, 8 or 16");
        }

        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = byte.CreateTruncating(shift < 0 ? samples[i] << 1 : samples[i] >> shift);
        return bits == 16 && used is > 0 and <= 12
            ? new ImageNote($"its 16-bit values use the lowest {used} bits alone, so that it is nearly black", IsDamage: false)
            : null;
    }

    private static ImageNote? Floats<T>(ReadOnlySpan<byte> raw, Span<byte> bytes, ImageFile file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var samples = MemoryMarshal.Cast<byte, T>(raw);
        T smallest = T.Zero, largest = T.Zero;
        foreach (var sample in samples)
        {
            if (!T.IsFinite(sample))
                throw file.Unsupported("with values that are not finite", "save it with 8 bits");
            (smallest, largest) = (T.Min(smallest, sample), T.Max(largest, sample));
        }

        if (smallest < T.Zero || largest > T.CreateChecked(255))
        {
            throw file.Unsupported(
                string.Create(CultureInfo.InvariantCulture, $"of floating-point values from {smallest:0.###} to {largest:0.###}"),
                "0 to 1 and 0 to 255 are; scale it, or save it with 8 bits");
        }

        var scale = largest <= T.One ? T.CreateChecked(255) : T.One;
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = byte.CreateSaturating(T.Round(samples[i] * scale));
        return null;
    }
}
