using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>What scanners, microscopes and print shops save: every kind of sample becomes bytes, or is refused by name.</summary>
[TestClass]
public sealed class TiffTests
{
    [TestMethod]
    [DataRow(Compression.NONE)]
    [DataRow(Compression.LZW)]
    [DataRow(Compression.ADOBE_DEFLATE)]
    [DataRow(Compression.PACKBITS)]
    public void RGB_comes_back_in_strips_and_tiles_together_and_in_planes(Compression compression)
    {
        var picture = Pixels.Ramps(37, 23, 3);
        foreach (var (tiled, planar) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var image = ImageCodec.Decode(Write(picture.Width, picture.Height, 3, 8, picture.Pixels, Photometric.RGB, compression, tiled, planar));
            CollectionAssert.AreEqual(picture.Pixels, image.Pixels, $"{compression} tiled {tiled} planar {planar}");
            Assert.AreEqual(3, image.Channels);
        }
    }

    [TestMethod]
    public void Sixteen_bits_keep_their_upper_eight_and_signed_ones_lose_the_sign()
    {
        CollectionAssert.AreEqual(new byte[] { 0, 18, 255 }, Grey<ushort>([0, 0x1234, 65535]).Pixels);
        CollectionAssert.AreEqual(new byte[] { 0, 128, 255 }, Grey<short>([0, 16384, 32767]).Pixels);
        CollectionAssert.AreEqual(new byte[] { 0, 18, 255 }, Grey<uint>([0, 0x12345678, uint.MaxValue]).Pixels);
    }

    [TestMethod]
    public void Floats_up_to_1_and_up_to_255_are_scaled()
    {
        CollectionAssert.AreEqual(new byte[] { 0, 128, 255 }, Grey<float>([0, 0.5f, 1]).Pixels);
        CollectionAssert.AreEqual(new byte[] { 0, 128, 255 }, Grey<float>([0, 127.6f, 255]).Pixels);
        CollectionAssert.AreEqual(new byte[] { 0, 128, 255 }, Grey<double>([0, 0.5, 1]).Pixels);
    }

    [TestMethod]
    public void What_cannot_be_scaled_without_guessing_is_refused_by_name()
    {
        Assert.Contains("negative values (-5)", Refusal<short>([0, -5, 7]));
        Assert.Contains("up to 65535 alone", Refusal<uint>([0, 100, 65535]));
        Assert.Contains("from -1 to 3000.5", Refusal<float>([0, -1, 3000.5f]));
        Assert.Contains("not finite", Refusal<float>([0, float.NaN, 1]));
        Assert.Contains("64 bits", Refusal<long>([0, 1, 2]));
    }

    [TestMethod]
    public void Twelve_bits_in_sixteen_are_noted_as_nearly_black() => Assert.IsFalse(Grey<ushort>([0, 1000, 4095]).Note!.IsDamage);

    [TestMethod]
    public void One_bit_is_black_and_white_whichever_of_them_is_0()
    {
        // 101 and 010, a row a byte.
        byte[] rows = [0b1010_0000, 0b0100_0000];
        byte[] expected = [255, 0, 255, 0, 255, 0];
        CollectionAssert.AreEqual(expected, ImageCodec.Decode(Write(3, 2, 1, 1, rows, Photometric.MINISBLACK)).Pixels);
        CollectionAssert.AreEqual(expected.Select(value => (byte)(255 - value)).ToArray(),
            ImageCodec.Decode(Write(3, 2, 1, 1, rows, Photometric.MINISWHITE)).Pixels);
    }

    [TestMethod]
    public void Four_bits_are_16_levels() =>
        CollectionAssert.AreEqual(new byte[] { 0, 17, 255 }, ImageCodec.Decode(Write(3, 1, 1, 4, [0x01, 0xF0], Photometric.MINISBLACK)).Pixels);

    [TestMethod]
    public void Inks_become_colours_by_the_plain_formula() =>
        CollectionAssert.AreEqual(new byte[] { 255, 0, 128, 0, 0, 0 },
            ImageCodec.Decode(Write(2, 1, 4, 8, [0, 255, 127, 0, 0, 0, 0, 255], Photometric.SEPARATED)).Pixels);

    [TestMethod]
    public void A_palette_is_looked_up()
    {
        var image = ImageCodec.Decode(Write(2, 1, 1, 8, [0, 1], Photometric.PALETTE));
        CollectionAssert.AreEqual(new byte[] { 255, 0, 10, 254, 1, 10 }, image.Pixels);
    }

    [TestMethod]
    public void Opacity_is_kept_and_taken_out_of_the_colours_where_it_was_multiplied_in()
    {
        CollectionAssert.AreEqual(new byte[] { 100, 50, 10, 128 },
            ImageCodec.Decode(Write(1, 1, 4, 8, [100, 50, 10, 128], Photometric.RGB, alpha: ExtraSample.UNASSALPHA)).Pixels);
        CollectionAssert.AreEqual(new byte[] { 199, 100, 20, 128 },
            ImageCodec.Decode(Write(1, 1, 4, 8, [100, 50, 10, 128], Photometric.RGB, alpha: ExtraSample.ASSOCALPHA)).Pixels);
    }

    [TestMethod]
    public void A_file_cut_short_is_refused_and_nothing_is_printed()
    {
        var file = Write(64, 64, 3, 8, Pixels.Ramps(64, 64, 3).Pixels, Photometric.RGB, Compression.LZW);
        for (var length = 4; length < file.Length; length += file.Length / 9)
        {
            var refusal = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(file.AsSpan(0, length), name: "scan.tif"));
            Assert.Contains("scan.tif is a damaged TIFF image", refusal.Message);
        }
    }

    [TestMethod]
    public void Every_changed_byte_gives_an_image_or_a_refusal()
    {
        var file = Write(16, 16, 3, 8, Pixels.Ramps(16, 16, 3).Pixels, Photometric.RGB, Compression.LZW);
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var changed = file.ToArray();
            changed[random.Next(4, changed.Length)] = (byte)random.Next(256);
            try
            {
                ImageCodec.Decode(changed, new ImageDecodeSettings { MaximumPixels = 1 << 20 }, "scan.tif");
            }
            catch (InvalidDataException refusal)
            {
                Assert.Contains("scan.tif", refusal.Message);
            }
        }
    }

    private static RasterImage Grey<T>(T[] samples)
        where T : unmanaged
    {
        var format = default(T) switch { float or double => SampleFormat.IEEEFP, short or int => SampleFormat.INT, _ => SampleFormat.UINT };
        return ImageCodec.Decode(
            Write(samples.Length, 1, 1, Marshal.SizeOf<T>() * 8, MemoryMarshal.AsBytes<T>(samples).ToArray(), Photometric.MINISBLACK, format: format),
            name: "scan.tif");
    }

    private static string Refusal<T>(T[] samples)
        where T : unmanaged
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Grey(samples)).Message;
        Assert.StartsWith("scan.tif is a TIFF image", message);
        return message;
    }

    private static byte[] Write(
        int width, int height, int samples, int bits, byte[] pixels, Photometric colors, Compression compression = Compression.NONE,
        bool tiled = false, bool planar = false, SampleFormat format = SampleFormat.UINT, ExtraSample? alpha = null)
    {
        var stream = new MemoryStream();
        using (var tiff = Tiff.ClientOpen("test", "w", stream, new TiffStream()))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, width);
            tiff.SetField(TiffTag.IMAGELENGTH, height);
            tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
            tiff.SetField(TiffTag.SAMPLEFORMAT, format);
            tiff.SetField(TiffTag.PHOTOMETRIC, colors);
            tiff.SetField(TiffTag.COMPRESSION, compression);
            tiff.SetField(TiffTag.PLANARCONFIG, planar ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
            if (alpha is { } kind)
                tiff.SetField(TiffTag.EXTRASAMPLES, 1, new[] { (short)kind });
            if (colors == Photometric.PALETTE)
            {
                ushort[] Ramp(Func<int, int> of) => [.. Enumerable.Range(0, 256).Select(i => (ushort)(of(i) * 257))];
                tiff.SetField(TiffTag.COLORMAP, Ramp(i => 255 - i), Ramp(i => i), Ramp(_ => 10));
            }

            if (tiled)
                WriteTiles(tiff, width, height, samples, pixels, planar);
            else
                WriteStrips(tiff, height, samples, pixels, planar);
        }

        return stream.ToArray();
    }

    private static void WriteStrips(Tiff tiff, int height, int samples, byte[] pixels, bool planar)
    {
        tiff.SetField(TiffTag.ROWSPERSTRIP, 5);
        var row = pixels.Length / height;
        for (var plane = 0; plane < (planar ? samples : 1); plane++)
        {
            for (var y = 0; y < height; y++)
            {
                var stored = pixels[(y * row)..((y + 1) * row)];
                tiff.WriteScanline(planar ? [.. stored.Where((_, i) => i % samples == plane)] : stored, y, (short)plane);
            }
        }
    }

    private static void WriteTiles(Tiff tiff, int width, int height, int samples, byte[] pixels, bool planar)
    {
        const int Side = 16;
        tiff.SetField(TiffTag.TILEWIDTH, Side);
        tiff.SetField(TiffTag.TILELENGTH, Side);
        var kept = planar ? 1 : samples;
        for (var plane = 0; plane < (planar ? samples : 1); plane++)
        {
            for (var top = 0; top < height; top += Side)
            {
                for (var left = 0; left < width; left += Side)
                {
                    var tile = new byte[Side * Side * kept];
                    for (var y = 0; y < Math.Min(Side, height - top); y++)
                    {
                        for (var i = 0; i < Math.Min(Side, width - left) * kept; i++)
                            tile[(y * Side * kept) + i] = pixels[((((top + y) * width) + left + (i / kept)) * samples) + (planar ? plane : i % kept)];
                    }

                    tiff.WriteTile(tile, left, top, 0, (short)plane);
                }
            }
        }
    }
}
