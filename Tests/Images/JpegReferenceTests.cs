using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>JPEGs of every kind (grey, CMYK, progressive, odd sizes, restart markers, odd sampling), each with its pixels beside it as PNG, made by
/// ImageMagick.</summary>
[TestClass]
public sealed class JpegReferenceTests
{
    // Two correct decoders round the inverse cosine transform and the colour conversion differently.
    private const int LargestDifference = 2;

    // partial_progressive.jpg and progressive-missing-dc.jpg lack scans; every viewer, Pillow and this decoder show what is there.
    private static readonly string[] Refused =
    [
        "jpeg_lossless_sel1.jpg", "jpeg_lossless_sel2.jpg", "jpeg_lossless_sel7.jpg", // 16 bits: medical images, no photos
    ];

    // It has a colour profile of its inks, which we apply and the reference does not.
    private const string Profiled = "ycck.jpg";

    [TestMethod]
    public void Every_sound_file_equals_its_reference_but_for_rounding()
    {
        var compared = 0;
        foreach (var path in Files().Where(path => !Refused.Append(Profiled).Contains(Path.GetFileName(path))))
        {
            var rgb = new ImageDecodeSettings { Colors = ColorModel.Rgb };
            var (image, reference) = (ImageCodec.Read(path, rgb), ImageCodec.Read(Path.ChangeExtension(path, ".png"), rgb));
            Assert.AreEqual((reference.Width, reference.Height), (image.Width, image.Height), path);
            Assert.IsLessThanOrEqualTo(LargestDifference, Pixels.LargestDifference(reference, image), path);
            compared++;
        }

        Assert.IsGreaterThanOrEqualTo(35, compared);
    }

    [TestMethod]
    public void Unsupported_files_are_refused_by_name()
    {
        foreach (var path in Files().Where(path => Refused.Contains(Path.GetFileName(path))))
            Assert.Contains(path, Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Read(path), path).Message);
    }

    [TestMethod]
    public void A_file_cut_short_is_decoded_as_far_as_it_goes_when_it_is_to_be_salvaged()
    {
        var path = TestData.Require("nasty-images/jpeg-decoder/reftest/progressive3.jpg");
        var (file, rgb) = (File.ReadAllBytes(path), new ImageDecodeSettings { Colors = ColorModel.Rgb });
        var half = file.AsSpan(0, file.Length / 2).ToArray();
        Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Decode(half, rgb));

        var image = ImageCodec.Decode(half, rgb with { Damage = DamagePolicy.Salvage });

        Assert.IsTrue(image.Note is { IsDamage: true, Text: var text } && text.Contains("end early", StringComparison.Ordinal));
        Assert.IsLessThan(20, Pixels.MeanDifference(ImageCodec.Decode(file, rgb), image));
    }

    [TestMethod]
    public void Inks_with_a_colour_profile_go_through_it()
    {
        var path = TestData.Require($"nasty-images/jpeg-decoder/reftest/{Profiled}");
        var image = ImageCodec.Read(path);
        var plainFormula = ImageCodec.Read(Path.ChangeExtension(path, ".png"), new ImageDecodeSettings { Colors = ColorModel.Rgb });
        Assert.AreEqual(3, image.Channels);
        Assert.IsInRange(5, 30, Pixels.MeanDifference(plainFormula, image));
    }

    [TestMethod]
    public void A_damaged_colour_profile_is_passed_over()
    {
        foreach (var path in Directory.GetFiles(TestData.Require("nasty-images/jpeg-decoder/icc")))
            Assert.AreEqual(3, ImageCodec.Read(path).Channels, path);
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(TestData.Require("nasty-images/jpeg-decoder/reftest"), "*.jpg", SearchOption.AllDirectories);
}
