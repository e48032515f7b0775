using System.Buffers.Binary;
using System.Text;
using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>Files that are no images, damaged ones and traps: an image or a clear refusal, never a crash.</summary>
[TestClass]
public sealed class HostileImageTests
{
    [TestMethod]
    public void Every_hostile_jpeg_is_decoded_or_refused_by_name()
    {
        var files = Directory.GetFiles(TestData.Require("nasty-images/jpeg-decoder/crashtest"), "*.jpg", SearchOption.AllDirectories);
        Assert.IsGreaterThan(100, files.Length);
        Parallel.ForEach(files, path =>
        {
            try
            {
                ImageCodec.Read(path);
            }
            catch (InvalidDataException refusal)
            {
                Assert.Contains(path, refusal.Message);
                Assert.IsLessThanOrEqualTo(300, refusal.Message.Replace(path, "photo.jpg", StringComparison.Ordinal).Length, refusal.Message);
            }
        });
    }

    // Pillow's verdicts, recorded by Recorded/images/pillow.py; the one picture of 65535 × 65535 is larger than we allow.
    [TestMethod]
    public void What_Pillow_decodes_is_decoded_and_what_it_refuses_is_refused()
    {
        var folder = TestData.Require("nasty-images/jpeg-decoder/crashtest");
        var decoded = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Recorded", "images", "pillow-decodes.txt"));
        Assert.HasCount(17, decoded);
        var ours = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Where(IsDecoded)
            .Select(path => Path.GetRelativePath(folder, path));
        CollectionAssert.AreEquivalent(decoded, ours.Select(path => path.Replace('\\', '/')).ToArray());

        static bool IsDecoded(string path)
        {
            try
            {
                ImageCodec.Read(path);
                return true;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public void An_empty_file_is_refused() => Refused([], "it has no bytes");

    [TestMethod]
    public void A_text_is_refused_with_its_beginning() => Refused("once upon a time"u8.ToArray(), "(\"once upon a \")");

    [TestMethod]
    [DataRow(ImageFileFormat.Png)]
    [DataRow(ImageFileFormat.Jpeg)]
    [DataRow(ImageFileFormat.WebP)]
    public void A_file_cut_short_anywhere_is_refused(ImageFileFormat format)
    {
        var whole = ImageCodec.Encode(Pixels.Ramps(40, 30, 3), format);
        foreach (var length in new[] { 1, 4, 20, whole.Length / 4, whole.Length / 2, whole.Length - 40 })
            Refused(whole[..length], "cut.x");
    }

    [TestMethod]
    public void A_png_with_one_changed_byte_of_pixels_is_refused()
    {
        var damaged = ImageCodec.Encode(Pixels.Ramps(40, 30, 3), ImageFileFormat.Png);
        damaged[damaged.Length / 2] ^= 0x10;
        Refused(damaged, "broken in the middle");
    }

    // 30000 × 30000 grey pixels of the value 0 in a file of a few bytes: the header alone says so.
    [TestMethod]
    public void A_picture_larger_than_allowed_is_refused_before_its_pixels_are_decoded() =>
        Refused(PngHeader(30_000, 30_000), "30,000 × 30,000 = 900,000,000 pixels");

    [TestMethod]
    public void The_size_limit_counts_pixels_and_can_be_set()
    {
        var image = ImageCodec.Encode(Pixels.Plain(10, 10, 5), ImageFileFormat.Png);
        Assert.AreEqual(10, ImageCodec.Decode(image, new ImageDecodeSettings { MaximumPixels = 100 }).Width);
        Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(image, new ImageDecodeSettings { MaximumPixels = 99 }));
    }

    [TestMethod]
    [DataRow("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><image href='file:///etc/passwd'/></svg>")]
    [DataRow("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>")]
    [DataRow("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd")]
    [DataRow("push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 1,1 'label:@/etc/passwd'\npop graphic-context")]
    public void Formats_beyond_those_of_the_web_and_of_cameras_are_refused(string content) =>
        Refused(Encoding.ASCII.GetBytes(content), "JPEG, PNG, WebP");

    [TestMethod]
    public void Many_threads_get_each_the_reason_of_its_own_failure()
    {
        var jpeg = ImageCodec.Encode(Pixels.Ramps(64, 64, 3), ImageFileFormat.Jpeg);
        var png = ImageCodec.Encode(Pixels.Ramps(64, 64, 3), ImageFileFormat.Png);
        Parallel.For(0, 200, i =>
        {
            var (half, own) = i % 2 == 0 ? (jpeg[..(jpeg.Length / 2)], "JPEG") : (png[..(png.Length / 2)], "PNG");
            var message = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(half, name: $"half-{i}")).Message;
            Assert.StartsWith($"half-{i} is a damaged {own} image ({half.Length:N0} bytes): its data end early", message);
        });
    }

    private static void Refused(byte[] file, string because)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(file, name: "cut.x")).Message;
        Assert.Contains("cut.x", message);
        Assert.Contains(because, message);
    }

    private static byte[] PngHeader(int width, int height)
    {
        var png = ImageCodec.Encode(Pixels.Plain(1, 1, 0), ImageFileFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), HandmadePng.Crc32(png.AsSpan(12, 17)));
        return png;
    }
}
