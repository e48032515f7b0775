using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using MLPipelines.Images;

namespace MLPipelines.Tests.Images;

/// <summary>PngSuite: every kind of PNG, with the pixels that another decoder (luna paint's) found in it; files named x… are damaged on
/// purpose.</summary>
[TestClass]
public sealed class PngSuiteTests
{
    [TestMethod]
    public void Every_sound_file_gives_the_pixels_of_another_decoder()
    {
        var folder = TestData.Require("nasty-images/pngsuite");
        var wrong = new List<string>();
        var compared = 0;
        foreach (var (name, expected) in ExpectedPixels(Path.Combine(folder, "expected-rgba-json.tar.gz")))
        {
            var path = Path.Combine(folder, name + ".png");
            if (name.StartsWith('x') || !File.Exists(path))
                continue;
            var image = ImageCodec.Read(path, new ImageDecodeSettings { Colors = ColorModel.Rgba, ApplyOrientation = false });
            compared++;

            // Files of 16 bits are listed with 16: we keep the upper 8.
            var divisor = Is16Bit(path) ? 256 : 1;
            var differing = expected.Length == image.Pixels.Length
                ? expected.Where((value, i) => value / divisor != image.Pixels[i]).Count()
                : image.Pixels.Length;
            if (differing > 0)
                wrong.Add($"{name} ({differing} of {image.Pixels.Length})");
        }

        Assert.IsGreaterThan(150, compared);
        Assert.IsEmpty(wrong, string.Join(", ", wrong));
    }

    [TestMethod]
    public void Every_damaged_file_is_refused_by_name()
    {
        var damaged = Directory.GetFiles(TestData.Require("nasty-images/pngsuite"), "x*.png");
        Assert.HasCount(14, damaged);
        foreach (var path in damaged)
            Assert.Contains(path, Assert.ThrowsExactly<InvalidDataException>(() => ImageCodec.Read(path), path).Message);
    }

    [TestMethod]
    public void Grey_files_come_with_one_channel_unless_more_are_asked_for()
    {
        var path = TestData.Require("nasty-images/pngsuite/basn0g16.png");
        Assert.AreEqual(1, ImageCodec.Read(path).Channels);
        Assert.AreEqual(3, ImageCodec.Read(path, new ImageDecodeSettings { Colors = ColorModel.Rgb }).Channels);
    }

    /// <summary>The bit depth stands at byte 24 of the file, in the header chunk.</summary>
    private static bool Is16Bit(string path) => File.ReadAllBytes(path)[24] == 16;

    private static IEnumerable<(string Name, int[] Rgba)> ExpectedPixels(string archive)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith(".json", StringComparison.Ordinal))
                yield return (Path.GetFileNameWithoutExtension(entry.Name), JsonSerializer.Deserialize<int[]>(entry.DataStream!)!);
        }
    }
}
