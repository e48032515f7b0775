using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

[TestClass]
public sealed class PortableAnymapTests
{
    [TestMethod]
    public void A_PGM_and_a_PNG_of_the_same_pixels_are_the_same_image()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        var pgm = ImageCodec.Decode([.. "P5\n3 2\n255\n"u8, .. pixels]);
        var png = ImageCodec.Decode(ImageCodec.Encode(new RasterImage(3, 2, 1, pixels), ImageFileFormat.Png));

        Assert.AreEqual((3, 2, 1), (pgm.Width, pgm.Height, pgm.Channels));
        CollectionAssert.AreEqual(pixels, pgm.Pixels);
        CollectionAssert.AreEqual(pixels, png.Pixels);
    }

    [TestMethod]
    public void What_is_no_image_is_an_error_that_names_it() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
            ImageCodec.Decode("P5\n3 2\n255\n"u8, name: "short.pgm")).Message, "short.pgm");
}
