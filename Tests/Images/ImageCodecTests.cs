using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

[TestClass]
public sealed class ImageCodecTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    public void Png_brings_back_every_pixel(int channels)
    {
        var image = Pixels.Ramps(37, 23, channels);
        var back = ImageCodec.Decode(ImageCodec.Encode(image, ImageFileFormat.Png));
        Assert.AreEqual((37, 23, channels), (back.Width, back.Height, back.Channels));
        CollectionAssert.AreEqual(image.Pixels, back.Pixels);
    }

    [TestMethod]
    [DataRow(ImageFileFormat.Jpeg, 1)]
    [DataRow(ImageFileFormat.Jpeg, 3)]
    [DataRow(ImageFileFormat.WebP, 3)]
    [DataRow(ImageFileFormat.WebP, 4)]
    public void Lossy_formats_bring_back_nearly_the_same(ImageFileFormat format, int channels)
    {
        var image = Pixels.Ramps(64, 48, channels);
        var back = ImageCodec.Decode(ImageCodec.Encode(image, format));
        Assert.AreEqual((64, 48, channels), (back.Width, back.Height, back.Channels));
        Assert.IsLessThan(3, Pixels.MeanDifference(image, back));
    }

    [TestMethod]
    public void Quality_decides_the_size_of_a_jpeg()
    {
        var image = Pixels.Ramps(200, 200, 3);
        Assert.IsLessThan(ImageCodec.Encode(image, ImageFileFormat.Jpeg, 95).Length, ImageCodec.Encode(image, ImageFileFormat.Jpeg, 30).Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageCodec.Encode(image, ImageFileFormat.Jpeg, 0));
    }

    // Half-transparent red (alpha 51 = 1/5) on blue: 255/5 = 51 red, 255·4/5 = 204 blue.
    [TestMethod]
    public void Alpha_is_flattened_on_the_background_when_no_alpha_is_asked_for()
    {
        var file = ImageCodec.Encode(Pixels.Plain(2, 2, 255, 0, 0, 51), ImageFileFormat.Png);
        var flat = ImageCodec.Decode(file, new ImageDecodeSettings { Colors = ColorModel.Rgb, Background = (0, 0, 255) });
        CollectionAssert.AreEqual(new byte[] { 51, 0, 204 }, flat.Pixels[..3]);
    }

    // Rec. 601: 0.299 · 255 = 76.2, 0.587 · 255 = 149.7, 0.114 · 255 = 29.1.
    [TestMethod]
    [DataRow(255, 0, 0, 76)]
    [DataRow(0, 255, 0, 150)]
    [DataRow(0, 0, 255, 29)]
    [DataRow(255, 255, 255, 255)]
    [DataRow(77, 77, 77, 77)]
    public void Grey_is_the_luma_of_television(int red, int green, int blue, int luma)
    {
        var file = ImageCodec.Encode(Pixels.Plain(1, 1, (byte)red, (byte)green, (byte)blue), ImageFileFormat.Png);
        Assert.AreEqual((byte)luma, ImageCodec.Decode(file, new ImageDecodeSettings { Colors = ColorModel.Grey }).Pixels[0]);
    }

    [TestMethod]
    public void Grey_files_become_rgb_or_rgba_when_asked()
    {
        var file = ImageCodec.Encode(Pixels.Plain(1, 1, 9), ImageFileFormat.Png);
        CollectionAssert.AreEqual(new byte[] { 9, 9, 9 }, ImageCodec.Decode(file, new ImageDecodeSettings { Colors = ColorModel.Rgb }).Pixels);
        CollectionAssert.AreEqual(new byte[] { 9, 9, 9, 255 }, ImageCodec.Decode(file, new ImageDecodeSettings { Colors = ColorModel.Rgba }).Pixels);
    }

    [TestMethod]
    [DataRow(ImageFileFormat.Jpeg, 800, 600, 100, 75, 100, 75)]
    [DataRow(ImageFileFormat.Jpeg, 800, 600, 101, 75, 200, 150)]
    [DataRow(ImageFileFormat.Jpeg, 800, 600, 700, 500, 800, 600)]
    [DataRow(ImageFileFormat.WebP, 800, 600, 100, 100, 133, 100)]
    [DataRow(ImageFileFormat.Png, 800, 600, 100, 75, 800, 600)]
    [DataRow(ImageFileFormat.Jpeg, 80, 60, 1000, 1000, 80, 60)]
    public void Shrinking_while_decoding_keeps_at_least_the_size_needed(
        ImageFileFormat format, int width, int height, int needWidth, int needHeight, int gotWidth, int gotHeight)
    {
        var file = ImageCodec.Encode(Pixels.Ramps(width, height, 3), format);
        var image = ImageCodec.Decode(file, new ImageDecodeSettings { ShrinkToAtLeast = (needWidth, needHeight) });
        Assert.AreEqual((gotWidth, gotHeight), (image.Width, image.Height));
    }

    [TestMethod]
    [DynamicData(nameof(FiltersAndChannels))]
    public void Resizing_gives_the_exact_size_and_keeps_a_plain_colour(Interpolation filter, int channels)
    {
        byte[] color = [10, 200, 90, 128];
        foreach (var (width, height) in new[] { (1, 1), (7, 33), (300, 5), (224, 224), (101, 67) })
        {
            var resized = ImageCodec.Resize(Pixels.Plain(101, 67, color[..channels]), width, height, filter);
            Assert.AreEqual((width, height, channels), (resized.Width, resized.Height, resized.Channels));
            Assert.IsLessThanOrEqualTo(1, Pixels.LargestDifference(Pixels.Plain(width, height, color[..channels]), resized), $"{width} × {height}");
        }
    }

    public static IEnumerable<object[]> FiltersAndChannels =>
        from filter in Enum.GetValues<Interpolation>() from channels in new[] { 1, 3, 4 } select new object[] { filter, channels };

    // Left half opaque red, right half transparent green: the green must not shine through where the halves meet.
    [TestMethod]
    public void Transparent_pixels_do_not_colour_their_neighbours()
    {
        var image = new RasterImage(4, 1, 4, [255, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0]);
        var one = ImageCodec.Resize(image, 1, 1, Interpolation.Bilinear).Pixels;
        Assert.IsInRange(250, 255, one[0]);
        Assert.IsInRange(0, 5, one[1]);
        Assert.IsInRange(120, 135, one[3]);
    }

    // The smallest transparent GIF: one pixel, palette entry 0 (black) marked as transparent.
    [TestMethod]
    public void A_gif_is_decoded_with_its_transparency()
    {
        var image = ImageCodec.Decode(Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"));
        Assert.AreEqual((1, 1, 4), (image.Width, image.Height, image.Channels));
        Assert.AreEqual(0, image.Pixels[3]);
    }

    [TestMethod]
    public void An_image_whose_bytes_do_not_fit_its_size_is_refused()
    {
        Assert.Contains("needs 12", Assert.ThrowsExactly<ArgumentException>(() => new RasterImage(2, 2, 3, new byte[11])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => new RasterImage(0, 2, 3, []));
        Assert.ThrowsExactly<ArgumentException>(() => new RasterImage(2, 2, 2, new byte[8]));
    }

    [TestMethod]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.ThrowsExactly<FileNotFoundException>(() => ImageCodec.Read(Path.Combine(Path.GetTempPath(), "no such image.png")));

    [TestMethod]
    public void The_library_says_its_version_and_that_of_its_native_code()
    {
        Assert.MatchesRegex(@"^2\.88\.\d+$", ImageLibrary.Version);
        Assert.MatchesRegex(@"^88\.\d+$", ImageLibrary.NativeVersion);
    }
}
