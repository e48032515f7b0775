using System.Buffers.Binary;
using MLPipelines.Images;
using SkiaSharp;

namespace MLPipelines.Tests.Images;

/// <summary>Formats that we read and do not write, made by hand here.</summary>
[TestClass]
public sealed class FileFormatTests
{
    // 2 × 2, rows from bottom to top, blue first, each row padded to 8 bytes.
    [TestMethod]
    public void A_bmp_is_decoded()
    {
        byte[] pixels = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0];
        var image = ImageCodec.Decode([.. "BM"u8, .. Numbers(54 + 16, 0, 54, 40, 2, 2), 1, 0, 24, 0, .. Numbers(0, 16, 2835, 2835, 0, 0), .. pixels]);
        Assert.AreEqual((2, 2, 3), (image.Width, image.Height, image.Channels));
        CollectionAssert.AreEqual(new byte[] { 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6 }, image.Pixels);
    }

    [TestMethod]
    public void An_icon_is_decoded_with_its_opacity()
    {
        var picture = Pixels.Plain(16, 16, 200, 100, 50, 128);
        var png = ImageCodec.Encode(picture, ImageFileFormat.Png);
        var image = ImageCodec.Decode([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, .. Numbers(png.Length, 22), .. png]);
        Assert.AreEqual((16, 16, 4), (image.Width, image.Height, image.Channels));
        CollectionAssert.AreEqual(picture.Pixels, image.Pixels);
    }

    [TestMethod]
    [DataRow("heic", "HEIC")]
    [DataRow("mif1", "HEIC")]
    [DataRow("avif", "AVIF")]
    public void Pictures_of_phones_that_are_not_read_are_refused_in_one_line_with_the_way_out(string brand, string format)
    {
        byte[] file = [0, 0, 0, 24, .. "ftyp"u8, .. System.Text.Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[100]];
        var message = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(file, name: "IMG_1.HEIC")).Message;
        Assert.StartsWith($"IMG_1.HEIC is a {format} image, which is not read; convert it to JPEG or PNG", message);
        Assert.IsLessThan(300, message.Length);
    }

    // Display P3 (180, 90, 60) is sRGB (193, 83, 51): both have sRGB's curve; linear values through P3's matrix to XYZ and sRGB's back.
    [TestMethod]
    public void Colours_go_through_the_embedded_profile_to_sRGB()
    {
        using var p3 = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        var info = new SKImageInfo(4, 4, SKColorType.Rgba8888, SKAlphaType.Opaque, p3);
        using var picture = SKImage.FromPixelCopy(info, Pixels.Plain(4, 4, 180, 90, 60, 255).Pixels);
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);

        var image = ImageCodec.Decode(png.ToArray());

        Assert.IsLessThanOrEqualTo(1, Pixels.LargestDifference(Pixels.Plain(4, 4, 193, 83, 51), image), string.Join(' ', image.Pixels[..3]));
    }

    [TestMethod]
    public void A_png_that_uses_12_of_its_16_bits_is_noted_as_nearly_black()
    {
        var image = ImageCodec.Decode(HandmadePng.Grey16([0, 1000, 4095, 17]));
        CollectionAssert.AreEqual(new byte[] { 0, 3, 15, 0 }, image.Pixels);
        Assert.IsTrue(image.Note is { IsDamage: false, Text: var text } && text.Contains("nearly black", StringComparison.Ordinal));
        Assert.IsNull(ImageCodec.Decode(HandmadePng.Grey16([0, 1000, 65535, 17])).Note);
    }

    // EXIF says 6: what is stored as a row stands upright as a column.
    [TestMethod]
    public void The_orientation_of_a_png_is_applied()
    {
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        var file = HandmadePng.Grey16([0x1000, 0x2000, 0x3000, 0x4000], ("eXIf", exif));
        var image = ImageCodec.Decode(file);
        Assert.AreEqual((1, 4), (image.Width, image.Height));
        CollectionAssert.AreEqual(new byte[] { 0x10, 0x20, 0x30, 0x40 }, image.Pixels);
        Assert.AreEqual(4, ImageCodec.Decode(file, new ImageDecodeSettings { ApplyOrientation = false }).Width);
    }

    private static byte[] Numbers(params int[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
