using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace MLPipelines.Tests.Engine.Images;

[TestClass]
public sealed class ImagePixelTests
{
    private static readonly float[] Red = [0, 10, 20, 30, 0, 10, 20, 30];
    private static readonly float[] Green = [100, 100, 100, 100, 101, 101, 101, 101];
    private static readonly float[] Blue = [200, 200, 200, 200, 200, 200, 200, 200];
    private static readonly float[] Alpha = [255, 255, 255, 255, 255, 255, 255, 255];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void By_default_red_green_and_blue_planes_of_bytes_as_floats()
    {
        var data = Data(Drawn.Ramp());
        var pixels = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single, 3, 2, 4>", pixels.Schema["Pixels"].Type.ToString());
        CollectionAssert.AreEqual((float[])[.. Red, .. Green, .. Blue], pixels.GetColumn<float[]>("Pixels").Single());
    }

    [TestMethod]
    public void Interleaved_the_colours_of_a_pixel_stand_side_by_side()
    {
        var data = Data(Drawn.Ramp());
        var pixels = _ml.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true).Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single, 2, 4, 3>", pixels.Schema["Pixels"].Type.ToString());
        CollectionAssert.AreEqual(
            new float[] { 0, 100, 200, 10, 100, 200, 20, 100, 200, 30, 100, 200, 0, 101, 200, 10, 101, 200, 20, 101, 200, 30, 101, 200 },
            pixels.GetColumn<float[]>("Pixels").Single());
    }

    [TestMethod]
    [DataRow(ColorsOrder.ARGB, "ARGB")]
    [DataRow(ColorsOrder.ARBG, "ARBG")]
    [DataRow(ColorsOrder.ABRG, "ABRG")]
    [DataRow(ColorsOrder.ABGR, "ABGR")]
    [DataRow(ColorsOrder.AGRB, "AGRB")]
    [DataRow(ColorsOrder.AGBR, "AGBR")]
    public void Planes_come_in_the_order_asked_for_whatever_the_order_in_the_image(ColorsOrder order, string planes)
    {
        var expected = planes.SelectMany(plane => plane switch { 'A' => Alpha, 'R' => Red, 'G' => Green, _ => Blue }).ToArray();
        var bgra = Drawn.Ramp();
        var rgba = MLImage.CreateFromPixels(
            4, 2, MLPixelFormat.Rgba32, bgra.Pixels.ToArray().Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0], p[3] }).ToArray());
        var data = Data(bgra, rgba);

        var all = Extract<float>(_ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.All, order), data);
        var colours = Extract<float>(_ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.Rgb, order), data);

        CollectionAssert.AreEqual(expected, all[0]);
        CollectionAssert.AreEqual(expected, all[1]);
        CollectionAssert.AreEqual(expected[8..], colours[0], "Alpha is left out, the order stays.");
    }

    [TestMethod]
    public void One_colour_less_the_offset_times_the_scale()
    {
        var pixels = Extract<float>(
            _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.Red, offsetImage: 10, scaleImage: 0.5f), Data(Drawn.Ramp()));

        CollectionAssert.AreEqual(new float[] { -5, 0, 5, 10, -5, 0, 5, 10 }, pixels[0]);
    }

    [TestMethod]
    public void Bytes_stay_bytes_without_offset_and_scale()
    {
        var estimator = _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.Red, offsetImage: 10, scaleImage: 0.5f, outputAsFloatArray: false);

        CollectionAssert.AreEqual(new byte[] { 0, 10, 20, 30, 0, 10, 20, 30 }, Extract<byte>(estimator, Data(Drawn.Ramp()))[0]);
    }

    [TestMethod]
    public void No_image_gives_zeros_between_the_images_around_it()
    {
        var pixels = Extract<float>(_ml.Transforms.ExtractPixels("Pixels", "Image"), Data(Drawn.Ramp(), null, Drawn.Ramp()));

        CollectionAssert.AreEqual(new float[24], pixels[1]);
        CollectionAssert.AreEqual(pixels[0], pixels[2]);
    }

    [TestMethod]
    public void Images_of_no_declared_size_are_refused_with_the_way_out()
    {
        EmbeddedEngine.Require("it does not name the way out.");
        var data = _ml.Data.LoadFromEnumerable([new AnySize()]);

        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data));

        StringAssert.Contains(exception.Message, "expected known-size image, got unknown-size image", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, "ResizeImages", StringComparison.Ordinal);
    }

    [TestMethod]
    public void An_image_of_another_size_than_declared_is_named()
    {
        EmbeddedEngine.Require("its error does not name the image.");
        var image = Drawn.Plain(3, 3, 0, 0, 0);
        image.Tag = "cat.png";

        var exception = Assert.ThrowsExactly<InvalidOperationException>(
            () => Extract<float>(_ml.Transforms.ExtractPixels("Pixels", "Image"), Data(image)));

        StringAssert.Contains(exception.Message, "Image 'cat.png' is 3 × 3; column 'Image' declares images of 4 × 2.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void No_colour_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.ExtractPixels("Pixels", "Image", colorsToExtract: 0));

    // 0.3 · 10x + 0.59 · (100 + y) + 0.11 · 200, rounded.
    [TestMethod]
    public void Grey_weighs_the_colours_and_keeps_type_and_alpha()
    {
        var data = Data(Drawn.Ramp());
        var grey = _ml.Transforms.ConvertToGrayscale("Grey", "Image").Fit(data).Transform(data);
        var image = grey.GetColumn<MLImage>("Grey").Single();

        Assert.AreEqual("Image<2, 4>", grey.Schema["Grey"].Type.ToString());
        CollectionAssert.AreEqual(new[] { 81, 84, 87, 90 }, Drawn.Reds(image)[0]);
        CollectionAssert.AreEqual(new[] { 82, 85, 88, 91 }, Drawn.Reds(image)[1]);
        CollectionAssert.AreEqual(new byte[] { 81, 81, 81, 255 }, image.Pixels[..4].ToArray());
    }

    [TestMethod]
    public void Images_in_memory_can_be_read_as_often_as_one_likes()
    {
        EmbeddedEngine.Require("its pixels dispose of the source (I18c).");
        var image = Drawn.Ramp();
        var data = Data(image);
        var pipeline = _ml.Transforms.ConvertToGrayscale("Grey", "Image")
            .Append(_ml.Transforms.ResizeImages("Same", 4, 2, "Grey"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Same"))
            .Append(_ml.Transforms.ExtractPixels("Original", "Image"));
        var view = pipeline.Fit(data).Transform(data);

        var first = view.GetColumn<float[]>("Pixels").Single();
        var original = view.GetColumn<float[]>("Original").Single();

        CollectionAssert.AreEqual(first, view.GetColumn<float[]>("Pixels").Single());
        CollectionAssert.AreEqual(original, view.GetColumn<float[]>("Original").Single());
        Assert.AreEqual(4, image.Width);
    }

    [TestMethod]
    public void A_prediction_engine_takes_the_same_image_twice_and_leaves_it_alone()
    {
        EmbeddedEngine.Require("the caller's image dies with the engine (I18b).");
        var image = Drawn.Ramp();
        var data = Data(image);
        var model = _ml.Transforms.ResizeImages("Same", 4, 2, "Image").Append(_ml.Transforms.ExtractPixels("Pixels", "Same")).Fit(data);

        using (var engine = _ml.Model.CreatePredictionEngine<Row, PixelRow>(model))
        {
            Assert.AreEqual(30, engine.Predict(new Row { Image = image }).Pixels[3]);
            Assert.AreEqual(30, engine.Predict(new Row { Image = image }).Pixels[3]);
        }

        Assert.AreEqual(4, image.Width);
    }

    private static T[][] Extract<T>(ImagePixelExtractingEstimator estimator, IDataView data) =>
        [.. estimator.Fit(data).Transform(data).GetColumn<T[]>("Pixels")];

    private IDataView Data(params MLImage?[] images) => _ml.Data.LoadFromEnumerable(images.Select(image => new Row { Image = image }));

    private sealed class Row
    {
        [ImageType(2, 4)]
        public MLImage? Image { get; set; }
    }

    private sealed class AnySize
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }

    private sealed class PixelRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
