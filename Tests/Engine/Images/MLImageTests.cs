using Microsoft.ML.Data;
using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Images;

[TestClass]
public sealed class MLImageTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlp-image-");

    [TestCleanup]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Pixels_come_out_as_they_went_in()
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];

        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels);

        Assert.AreEqual((2, 1, 32, MLPixelFormat.Bgra32), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat));
        CollectionAssert.AreEqual(pixels, image.Pixels.ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, image.GetBGRPixels);
    }

    [TestMethod]
    public void Blue_comes_first_in_BGR_pixels_whatever_the_order_of_the_image()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [1, 2, 3, 255, 4, 5, 6, 255]);

        CollectionAssert.AreEqual(new byte[] { 3, 2, 1, 6, 5, 4 }, image.GetBGRPixels);
    }

    [TestMethod]
    public void An_image_has_its_own_copy_of_the_pixels()
    {
        byte[] pixels = [1, 2, 3, 255];
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, pixels);

        pixels[0] = 9;

        Assert.AreEqual(1, image.Pixels[0]);
    }

    [TestMethod]
    public void Too_few_bytes_are_counted()
    {
        EmbeddedEngine.Require("its errors differ.");
        var exception = Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(2, 3, MLPixelFormat.Bgra32, new byte[10]));

        StringAssert.Contains(exception.Message, "A 2 × 3 image has 24 bytes, 4 a pixel; 10 were given.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Sizes_and_formats_that_cannot_be_are_refused()
    {
        Assert.AreEqual("width", Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(0, 1, MLPixelFormat.Bgra32, [])).ParamName);
        Assert.AreEqual("height", Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(1, -1, MLPixelFormat.Bgra32, [])).ParamName);
        Assert.AreEqual("pixelFormat", Assert.ThrowsExactly<ArgumentException>(
            () => MLImage.CreateFromPixels(1, 1, MLPixelFormat.Unknown, new byte[4])).ParamName);
    }

    [TestMethod]
    public void A_png_file_keeps_every_pixel()
    {
        var path = Path.Combine(_folder.FullName, "ramp.png");
        Drawn.Ramp().Save(path);

        using var fromFile = MLImage.CreateFromFile(path);
        using var stream = File.OpenRead(path);
        using var fromStream = MLImage.CreateFromStream(stream);

        CollectionAssert.AreEqual(Drawn.Ramp().Pixels.ToArray(), fromFile.Pixels.ToArray());
        CollectionAssert.AreEqual(Drawn.Ramp().Pixels.ToArray(), fromStream.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow("plain.jpg")]
    [DataRow("plain.JPEG")]
    [DataRow("plain.webp")]
    public void A_plain_image_survives_lossy_formats_nearly(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        Drawn.Plain(16, 16, 200, 100, 50).Save(path);

        using var image = MLImage.CreateFromFile(path);

        Assert.AreEqual((16, 16), (image.Width, image.Height));
        foreach (var (expected, actual) in new[] { 50, 100, 200, 255 }.Zip(image.Pixels[..4].ToArray()))
            Assert.AreEqual(expected, actual, 4.0);
    }

    [TestMethod]
    public void Other_formats_are_not_saved()
    {
        EmbeddedEngine.Require("Skia decides what is saved.");
        var exception = Assert.ThrowsExactly<ArgumentException>(() => Drawn.Ramp().Save(Path.Combine(_folder.FullName, "ramp.bmp")));

        StringAssert.Contains(exception.Message, ".png, .jpg, .jpeg or .webp", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Colours_are_multiplied_by_alpha_and_divided_again_on_saving()
    {
        EmbeddedEngine.Require("what it does with transparency was not measured.");
        // Half-transparent: 200 × 128 / 255 = 100.4.
        var png = ImageCodec.Encode(new RasterImage(1, 1, 4, [200, 100, 0, 128]), ImageFileFormat.Png);
        using var image = MLImage.CreateFromStream(new MemoryStream(png));
        CollectionAssert.AreEqual(new byte[] { 0, 50, 100, 128 }, image.Pixels.ToArray());

        var path = Path.Combine(_folder.FullName, "half.png");
        image.Save(path);
        var saved = ImageCodec.Read(path);
        Assert.AreEqual(200, saved.Pixels[0], 1.0);
        Assert.AreEqual(128, saved.Pixels[3]);
    }

    [TestMethod]
    public void A_grey_file_becomes_an_image_of_equal_colours()
    {
        var png = ImageCodec.Encode(new RasterImage(2, 1, 1, [7, 200]), ImageFileFormat.Png);

        using var image = MLImage.CreateFromStream(new MemoryStream(png));

        CollectionAssert.AreEqual(new byte[] { 7, 7, 7, 255, 200, 200, 200, 255 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void A_missing_file_is_named()
    {
        EmbeddedEngine.Require("its errors differ.");
        var exception = Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile("none.png"));

        Assert.AreEqual("imagePath", exception.ParamName);
        StringAssert.Contains(exception.Message, "none.png", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_file_that_is_no_image_is_named()
    {
        EmbeddedEngine.Require("its error does not name the file.");
        var path = Path.Combine(_folder.FullName, "broken.png");
        File.WriteAllText(path, "no image");

        var exception = Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(path));

        StringAssert.Contains(exception.Message, "broken.png", StringComparison.Ordinal);
        Assert.IsInstanceOfType<InvalidDataException>(exception.InnerException);
    }

    [TestMethod]
    public void A_stream_that_holds_no_image_is_the_callers_mistake()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream([1, 2, 3])));

        Assert.AreEqual("imageStream", exception.ParamName);
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream()));
    }

    [TestMethod]
    public void A_disposed_image_says_so()
    {
        EmbeddedEngine.Require("it throws an InvalidOperationException.");
        var image = Drawn.Ramp();
        image.Tag = "ramp";

        image.Dispose();
        image.Dispose();

        var exception = Assert.ThrowsExactly<ObjectDisposedException>(() => image.Width);
        StringAssert.Contains(exception.Message, "'ramp'", StringComparison.Ordinal);
        Assert.ThrowsExactly<ObjectDisposedException>(() => image.Pixels.Length);
    }

    [TestMethod]
    public void Photographs_taken_on_the_side_stand_upright()
    {
        EmbeddedEngine.Require("what it does with the EXIF orientation was not measured.");
        var upright = Open(1);
        foreach (var orientation in Enumerable.Range(2, 7))
        {
            var turned = Open(orientation);
            Assert.AreEqual((upright.Width, upright.Height), (turned.Width, turned.Height), $"orientation {orientation}");
        }

        static MLImage Open(int orientation) =>
            MLImage.CreateFromFile(TestData.Require($"nasty-images/exif-orientation/Landscape_{orientation}.jpg"));
    }
}
