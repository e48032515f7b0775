using System.Text.Json;
using MLPipelines.Images;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class ImagePreprocessingTests
{
    [TestMethod]
    [DynamicData(nameof(Presets))]
    public void Every_preset_is_valid_named_and_sourced(PreprocessingPreset preset)
    {
        Assert.AreSame(preset.Preprocessing, preset.Preprocessing.Validate());
        Assert.AreSame(preset.Preprocessing, PreprocessingPresets.Get(preset.Name.ToUpperInvariant()));
        Assert.IsFalse(string.IsNullOrWhiteSpace(preset.Description) || string.IsNullOrWhiteSpace(preset.Source));
    }

    [TestMethod]
    [DynamicData(nameof(Presets))]
    public void Every_preset_survives_JSON(PreprocessingPreset preset)
    {
        var json = JsonSerializer.Serialize(preset.Preprocessing with { Background = new(1, 2, 3) }, JsonSerializerOptions.Web);
        var back = JsonSerializer.Deserialize<ImagePreprocessing>(json, JsonSerializerOptions.Web);

        Assert.AreEqual(preset.Preprocessing with { Background = new(1, 2, 3) }, back);
        Assert.Contains($"\"{preset.Preprocessing.Resize}\"", json);
        Assert.DoesNotContain("dimensions", json);
    }

    [TestMethod]
    public void Names_of_presets_are_unique() =>
        Assert.HasCount(PreprocessingPresets.All.Count, PreprocessingPresets.All.DistinctBy(preset => preset.Name));

    [TestMethod]
    public void An_unknown_preset_is_answered_with_the_list() =>
        Assert.Contains("imagenet-torch, imagenet-caffe", Assert.ThrowsExactly<ArgumentException>(() => PreprocessingPresets.Get("resnet")).Message);

    [TestMethod]
    public void The_shape_follows_the_layout()
    {
        var first = PreprocessingPresets.Get("imagenet-torch") with { Width = 200 };

        int[] channelsFirst = [3, 224, 200], channelsLast = [224, 200, 3];
        CollectionAssert.AreEqual(channelsFirst, first.Dimensions.ToArray());
        CollectionAssert.AreEqual(channelsLast, (first with { Layout = TensorLayout.ChannelsLast }).Dimensions.ToArray());
        Assert.AreEqual(3 * 224 * 200, first.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Mistakes))]
    public void A_setting_out_of_range_is_named(ImagePreprocessing mistaken, string named) =>
        Assert.Contains(named, Assert.ThrowsExactly<ArgumentException>(mistaken.Validate).Message);

    public static IEnumerable<PreprocessingPreset> Presets => PreprocessingPresets.All;

    public static IEnumerable<(ImagePreprocessing, string)> Mistakes
    {
        get
        {
            var good = PreprocessingPresets.Get("imagenet-torch");
            yield return (good with { Width = 0 }, "Width is 0");
            yield return (good with { Height = 8193, ShorterSide = null }, "Height is 8193");
            yield return (good with { Width = 299, Height = 299 }, "ShorterSide is 256; a crop of 299×299");
            yield return (good with { Resize = ResizeMode.Pad }, "ShorterSide is 256");
            yield return (good with { Scale = float.NaN }, "Scale is NaN");
            yield return (good with { Mean = [1, 2] }, "Mean is 2 numbers; Colors = Rgb takes 3");
            yield return (good with { Colors = ColorOrder.Grey }, "Mean is 3 numbers; Colors = Grey takes one");
            yield return (good with { StandardDeviation = [1, 0, 1] }, "StandardDeviation[1] is 0");
            yield return (good with { Interpolation = (Interpolation)9 }, "Interpolation is 9; it must be one of Nearest, Box");
        }
    }
}
