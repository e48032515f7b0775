using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

[TestClass]
public sealed class ExifOrientationTests
{
    // Each file was compressed on its own, so that pixels differ by what JPEG loses; a picture the wrong way round differs by 40 and more.
    private const double LossyMeanDifference = 6;

    [TestMethod]
    [DataRow("Landscape", false)]
    [DataRow("Portrait", false)]
    [DataRow("Landscape", true)]
    [DataRow("Portrait", true)]
    public void The_same_photo_in_all_eight_orientations_looks_the_same(string photo, bool shrunk)
    {
        var settings = new ImageDecodeSettings { Colors = ColorModel.Rgb, ShrinkToAtLeast = shrunk ? (300, 200) : null };
        var upright = Decode(photo, 1, settings);
        for (var orientation = 2; orientation <= 8; orientation++)
        {
            var image = Decode(photo, orientation, settings);
            Assert.AreEqual((upright.Width, upright.Height), (image.Width, image.Height), $"orientation {orientation}");
            Assert.IsLessThan(LossyMeanDifference, Pixels.MeanDifference(upright, image), $"orientation {orientation}");
        }
    }

    [TestMethod]
    public void Orientation_can_be_left_alone()
    {
        var lying = Decode("Landscape", 6, new ImageDecodeSettings { ApplyOrientation = false });
        Assert.IsLessThan(lying.Height, lying.Width);
    }

    private static RasterImage Decode(string photo, int orientation, ImageDecodeSettings settings) =>
        ImageCodec.Read(TestData.Require($"nasty-images/exif-orientation/{photo}_{orientation}.jpg"), settings);
}
