using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLPipelines.Tests.MLNet;

/// <summary>How long ML.NET's images live.</summary>
[TestClass]
public sealed class ImageTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    public void A_loaded_image_is_disposed_of_by_the_time_the_next_row_is_read()
    {
        var rows = Context.Data.LoadFromEnumerable<File>([new() { Path = Shape("ring") }, new() { Path = Shape("heart") }]);
        var view = Context.Transforms.LoadImages("Image", TestData.Repository, "Path").Fit(rows).Transform(rows);
        var images = view.GetColumn<MLImage>("Image").ToArray();

        Assert.AreEqual("Object is disposed.", Assert.ThrowsExactly<InvalidOperationException>(() => images[0].Width).Message);
    }

    [TestMethod]
    public void Extracting_pixels_disposes_of_the_image_so_that_a_second_pass_fails()
    {
        using var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgba32, new byte[16]);
        var rows = Context.Data.LoadFromEnumerable<InMemory>([new() { Image = image }]);
        var pixels = Context.Transforms.ExtractPixels("Pixels", "Image").Fit(rows).Transform(rows);

        Assert.HasCount(12, pixels.GetColumn<float[]>("Pixels").Single());
        Assert.ThrowsExactly<InvalidOperationException>(() => pixels.GetColumn<float[]>("Pixels").ToArray());
    }

    [TestMethod]
    public void Resizing_an_image_to_its_own_size_gives_the_same_image()
    {
        using var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgba32, new byte[16]);
        var rows = Context.Data.LoadFromEnumerable<InMemory>([new() { Image = image }]);
        var resized = Context.Transforms.ResizeImages("Resized", 2, 2, "Image").Fit(rows).Transform(rows);

        Assert.AreSame(image, resized.GetColumn<MLImage>("Resized").Single());
    }

    [TestMethod]
    public void A_missing_file_is_met_when_its_row_is_read_and_stops_the_pass()
    {
        var rows = Context.Data.LoadFromEnumerable<File>([new() { Path = "nowhere.png" }]);
        var view = Context.Transforms.LoadImages("Image", TestData.Repository, "Path").Fit(rows).Transform(rows);

        Assert.ThrowsExactly<FileNotFoundException>(() => view.GetColumn<MLImage>("Image").ToArray());
    }

    [TestMethod]
    public void An_empty_path_becomes_black_pixels()
    {
        var rows = Context.Data.LoadFromEnumerable<File>([new() { Path = "" }]);
        var pixels = Context.Transforms.LoadImages("Image", TestData.Repository, "Path")
            .Append(Context.Transforms.ResizeImages("Image", 2, 2)).Append(Context.Transforms.ExtractPixels("Pixels", "Image"))
            .Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new float[12], pixels.GetColumn<float[]>("Pixels").Single());
    }

    [TestMethod]
    [DataRow(ImageResizingEstimator.ResizingKind.Fill, 0f, 255f)]
    [DataRow(ImageResizingEstimator.ResizingKind.IsoPad, 1f, 254f)]
    public void Shrinking_by_Fill_takes_a_pixel_and_mixes_none(ImageResizingEstimator.ResizingKind kind, float lowest, float highest)
    {
        // A chequerboard of black and white, 8 × 8 to 3 × 3.
        byte[] pixels = [.. Enumerable.Range(0, 64).SelectMany(i => Enumerable.Repeat((byte)((i + (i / 8)) % 2 * 255), 4))];
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = 255;
        using var image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Rgba32, pixels);
        var rows = Context.Data.LoadFromEnumerable<Chequered>([new() { Image = image }]);
        var small = Context.Transforms.ResizeImages("Image", 3, 3, resizing: kind).Append(Context.Transforms.ExtractPixels("Pixels", "Image"))
            .Fit(rows).Transform(rows).GetColumn<float[]>("Pixels").Single();

        Assert.AreEqual(kind == ImageResizingEstimator.ResizingKind.Fill, small.All(value => value <= lowest || value >= highest));
    }

    private static string Shape(string name) => Path.Combine("data", "shapes", "test", name, "0000.png");

    private sealed class File
    {
        public string Path { get; set; } = "";
    }

    private sealed class InMemory
    {
        [ImageType(2, 2)]
        public MLImage? Image { get; set; }
    }

    private sealed class Chequered
    {
        [ImageType(8, 8)]
        public MLImage? Image { get; set; }
    }
}
