using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace MLPipelines.Tests.Engine.Images;

[TestClass]
public sealed class ImageResizingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_column_has_images_of_the_new_size()
    {
        var data = Data(Drawn.Ramp());

        var resized = _ml.Transforms.ResizeImages("Small", 3, 5, "Image").Fit(data).Transform(data);

        Assert.AreEqual("Image<5, 3>", resized.Schema["Small"].Type.ToString());
        Assert.AreEqual((3, 5), resized.GetColumn<MLImage>("Small").Select(image => (image.Width, image.Height)).Single());
    }

    // Worked by hand: a white 4 × 2 image keeps its proportions in 8 × 8 as 8 × 4, with (8 − 4) / 2 = 2 black rows above and below.
    [TestMethod]
    public void Padding_puts_black_bars_above_and_below_a_wide_image()
    {
        var reds = Drawn.Reds(Resize(Drawn.Plain(4, 2, 255, 255, 255), 8, 8, ResizingKind.IsoPad));

        CollectionAssert.AreEqual(new[] { 0, 0, 255, 255, 255, 255, 0, 0 }, reds.Select(row => row[0]).ToArray());
        CollectionAssert.AreEqual(Enumerable.Repeat(255, 8).ToArray(), reds[4]);
    }

    // 2 × 4 in 9 × 8: 4 × 8, and (9 − 4) / 2 = 2.5 is truncated: 2 columns on the left, 3 on the right.
    [TestMethod]
    public void Padding_puts_black_bars_beside_a_high_image_the_wider_one_on_the_right()
    {
        var image = Resize(Drawn.Plain(2, 4, 255, 255, 255), 9, 8, ResizingKind.IsoPad);

        CollectionAssert.AreEqual(new[] { 0, 0, 255, 255, 255, 255, 0, 0, 0 }, Drawn.Reds(image)[3]);
        Assert.AreEqual(255, image.Pixels[3], "The bars are opaque.");
    }

    [TestMethod]
    [DataRow(Anchor.Left)]
    [DataRow(Anchor.Bottom)]
    public void Padding_ignores_the_anchor(Anchor anchor)
    {
        var middle = Resize(Drawn.Ramp(), 8, 8, ResizingKind.IsoPad);

        CollectionAssert.AreEqual(middle.Pixels.ToArray(), Resize(Drawn.Ramp(), 8, 8, ResizingKind.IsoPad, anchor).Pixels.ToArray());
    }

    // Six columns of 10 pixels; a square of 20 × 20 at the same scale shows two of them.
    [TestMethod]
    [DataRow(Anchor.Left, 0, 1)]
    [DataRow(Anchor.Center, 2, 3)]
    [DataRow(Anchor.Right, 4, 5)]
    [DataRow(Anchor.Top, 2, 3)]
    [DataRow(Anchor.Bottom, 2, 3)]
    public void Cropping_columns_keeps_the_side_of_the_anchor(Anchor anchor, int left, int right)
    {
        var row = Drawn.Reds(Resize(Drawn.Image(60, 20, (x, _) => (40 * (x / 10), 0, 0)), 20, 20, ResizingKind.IsoCrop, anchor))[10];

        Assert.AreEqual((40 * left, 40 * right), (row[5], row[15]));
    }

    [TestMethod]
    [DataRow(Anchor.Top, 0, 1)]
    [DataRow(Anchor.Center, 2, 3)]
    [DataRow(Anchor.Bottom, 4, 5)]
    [DataRow(Anchor.Left, 2, 3)]
    [DataRow(Anchor.Right, 2, 3)]
    public void Cropping_rows_keeps_the_side_of_the_anchor(Anchor anchor, int top, int bottom)
    {
        var reds = Drawn.Reds(Resize(Drawn.Image(20, 60, (_, y) => (40 * (y / 10), 0, 0)), 20, 20, ResizingKind.IsoCrop, anchor));

        Assert.AreEqual((40 * top, 40 * bottom), (reds[5][7], reds[15][7]));
    }

    [TestMethod]
    public void Cropping_covers_everything()
    {
        var image = Resize(Drawn.Plain(7, 3, 255, 255, 255), 30, 40, ResizingKind.IsoCrop);

        Assert.IsTrue(Drawn.Reds(image).SelectMany(row => row).All(red => red == 255));
    }

    [TestMethod]
    [DataRow(2000, 2)]
    [DataRow(2, 2000)]
    public void A_strip_is_cropped_without_enlarging_all_of_it(int width, int height)
    {
        // Enlarged 150 times, the middle of the strip shows: the two pixels around the centre, alternating black and white.
        var along = Math.Max(width, height);
        var image = Drawn.Image(width, height, (x, y) => (Math.Max(x, y) / (along / 2) * 255, 0, 0));

        var reds = Drawn.Reds(Resize(image, 300, 300, ResizingKind.IsoCrop));

        var (start, end) = width > height ? (reds[150][40], reds[150][260]) : (reds[40][150], reds[260][150]);
        Assert.AreEqual((0, 255), (start, end));
    }

    [TestMethod]
    public void An_image_a_thousand_times_as_wide_as_high_is_padded_to_nothing()
    {
        var image = Resize(Drawn.Plain(3000, 2, 255, 255, 255), 10, 10, ResizingKind.IsoPad);

        Assert.IsTrue(Drawn.Reds(image).SelectMany(row => row).All(red => red == 0));
    }

    // Each target pixel takes the source pixel under its centre: (2x + 1) · 4 / (2 · 2) = 1, 3.
    [TestMethod]
    public void Filling_takes_the_nearest_pixels()
    {
        CollectionAssert.AreEqual(new[] { 10, 30 }, Drawn.Reds(Resize(Drawn.Ramp(), 2, 1, ResizingKind.Fill))[0]);
        CollectionAssert.AreEqual(
            new[] { 0, 0, 10, 10, 20, 20, 30, 30 }, Drawn.Reds(Resize(Drawn.Ramp(), 8, 2, ResizingKind.Fill))[1]);
    }

    [TestMethod]
    public void An_image_that_has_the_size_is_passed_on_and_lives_on()
    {
        var image = Drawn.Ramp();
        var data = Data(image);
        var resized = _ml.Transforms.ResizeImages("Small", 4, 2, "Image").Fit(data).Transform(data);

        Assert.AreSame(image, resized.GetColumn<MLImage>("Small").Single());
        Assert.AreSame(image, resized.GetColumn<MLImage>("Small").Single());
        Assert.AreEqual(4, image.Width);
    }

    [TestMethod]
    public void No_image_stays_no_image()
    {
        var data = Data(null);

        Assert.IsNull(_ml.Transforms.ResizeImages("Small", 4, 2, "Image").Fit(data).Transform(data).GetColumn<MLImage>("Small").Single());
    }

    [TestMethod]
    public void Sizes_that_cannot_be_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 0, 10));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 100_000, 100_000));
    }

    [TestMethod]
    public void A_column_that_holds_no_images_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new { Image = 1f }]);

        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 2, 2).Fit(data));

        StringAssert.Contains(exception.Message, "Schema mismatch for input column 'Image': expected Image, got Single", StringComparison.Ordinal);
    }

    private MLImage Resize(MLImage image, int width, int height, ResizingKind kind, Anchor anchor = Anchor.Center)
    {
        var data = Data(image);
        return _ml.Transforms.ResizeImages("Image", width, height, resizing: kind, cropAnchor: anchor).Fit(data).Transform(data)
            .GetColumn<MLImage>("Image").Single();
    }

    private IDataView Data(MLImage? image) => _ml.Data.LoadFromEnumerable([new Row { Image = image }]);

    private sealed class Row
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }
}
