using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLPipelines.Tests.Engine.Images;

[TestClass]
public sealed class ImageLoadingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlp-load-");

    [TestInitialize]
    public void DrawImages()
    {
        Drawn.Ramp().Save(PathOf("ramp.png"));
        Drawn.Plain(2, 2, 255, 0, 0).Save(PathOf("red.png"));
        File.WriteAllText(PathOf("broken.png"), "no image");
        File.WriteAllBytes(PathOf("empty.png"), []);
    }

    [TestCleanup]
    public void RemoveFolder()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [TestMethod]
    public void Images_come_with_their_path_and_outlive_the_reading()
    {
        EmbeddedEngine.Require("it disposes of an image at the next row (I1).");
        var loaded = Load(_folder.FullName, "ramp.png", "red.png");
        Assert.AreEqual("Image", loaded.Schema["Image"].Type.ToString());

        var images = loaded.GetColumn<MLImage>("Image").ToArray();

        CollectionAssert.AreEqual(Drawn.Ramp().Pixels.ToArray(), images[0].Pixels.ToArray());
        Assert.AreEqual((2, 2), (images[1].Width, images[1].Height));
        Assert.AreEqual(PathOf("red.png"), images[1].Tag);
    }

    [TestMethod]
    public void An_absolute_path_does_not_need_the_folder()
    {
        using var elsewhere = Load(Path.GetTempPath(), PathOf("ramp.png")).GetColumn<MLImage>("Image").Single();
        using var nowhere = Load(null, PathOf("ramp.png")).GetColumn<MLImage>("Image").Single();

        Assert.AreEqual(4, elsewhere.Width);
        Assert.AreEqual(4, nowhere.Width);
    }

    [TestMethod]
    public void A_folder_that_does_not_exist_is_refused_at_once()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.LoadImages("Image", PathOf("none_such"), "Path"));

        StringAssert.Contains(exception.Message, "none_such", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_missing_file_is_met_and_named_when_its_row_is_read()
    {
        using var images = Load(_folder.FullName, "ramp.png", "zz.png").GetColumn<MLImage>("Image").GetEnumerator();
        Assert.IsTrue(images.MoveNext());

        var exception = Assert.ThrowsExactly<FileNotFoundException>(() => images.MoveNext());

        StringAssert.Contains(exception.Message, "zz.png", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("broken.png")]
    [DataRow("empty.png")]
    public void A_file_that_is_no_image_is_met_and_named_when_its_row_is_read(string name)
    {
        EmbeddedEngine.Require("its error does not name the file (I4).");
        var loaded = Load(_folder.FullName, name);

        var exception = Assert.ThrowsExactly<ArgumentException>(() => loaded.GetColumn<MLImage>("Image").ToArray());

        StringAssert.Contains(exception.Message, name, StringComparison.Ordinal);
    }

    [TestMethod]
    public void An_empty_path_gives_no_image_and_then_zeros()
    {
        var paths = Paths("", "red.png");
        var pipeline = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path")
            .Append(_ml.Transforms.ResizeImages("Image", 2, 2))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"));
        var view = pipeline.Fit(paths).Transform(paths);

        Assert.IsNull(view.GetColumn<MLImage>("Image").First());
        var pixels = view.GetColumn<float[]>("Pixels").ToArray();
        CollectionAssert.AreEqual(new float[12], pixels[0]);
        CollectionAssert.AreEqual(new float[] { 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0 }, pixels[1]);
    }

    [TestMethod]
    public void A_column_that_holds_no_text_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new { Path = 1f }]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, "Path").Fit(data));
    }

    [TestMethod]
    public void A_saved_pipeline_does_the_same_and_keeps_the_folder()
    {
        var paths = Paths("ramp.png", "red.png");
        var pipeline = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path")
            .Append(_ml.Transforms.ConvertToGrayscale("Grey", "Image"))
            .Append(_ml.Transforms.ResizeImages("Small", 3, 3, "Grey", ImageResizingEstimator.ResizingKind.IsoPad, ImageResizingEstimator.Anchor.Top))
            .Append(_ml.Transforms.ExtractPixels(
                "Pixels", "Small", ImagePixelExtractingEstimator.ColorBits.All, ImagePixelExtractingEstimator.ColorsOrder.ABGR, true,
                127.5f, 1 / 127.5f));
        var model = pipeline.Fit(paths);

        var loaded = Reloaded(model, paths.Schema);

        Assert.AreEqual(model.GetOutputSchema(paths.Schema)["Pixels"].Type.ToString(),
            loaded.GetOutputSchema(paths.Schema)["Pixels"].Type.ToString());
        CollectionAssert.AreEqual(
            model.Transform(paths).GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray(),
            loaded.Transform(paths).GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray());
    }

    [TestMethod]
    public void A_saved_loader_can_be_loaded_where_its_folder_is_gone()
    {
        var paths = Paths("ramp.png");
        var model = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(paths);
        _folder.Delete(recursive: true);

        var loaded = Reloaded(model, paths.Schema);

        Assert.AreEqual(_folder.FullName, loaded is IEnumerable<ITransformer> chain ? ((ImageLoadingTransformer)chain.Single()).ImageFolder
            : ((ImageLoadingTransformer)loaded).ImageFolder);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => loaded.Transform(paths).GetColumn<MLImage>("Image").ToArray());
    }

    [TestMethod]
    public void A_model_of_image_columns_is_saved_without_a_schema_and_with_one()
    {
        EmbeddedEngine.Require("it drops image columns, or fails when no other is left (I13, I17).");
        var data = _ml.Data.LoadFromEnumerable([new ImageRow { Image = Drawn.Ramp() }]);
        var model = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data);

        Assert.AreEqual(30, Reloaded(model, null).Transform(data).GetColumn<float[]>("Pixels").Single()[3]);

        using var saved = new MemoryStream();
        _ml.Model.Save(model, data.Schema, saved);
        saved.Position = 0;
        _ml.Model.Load(saved, out var schema);
        Assert.AreEqual("Image<2, 4>", schema["Image"].Type.ToString());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private IDataView Paths(params string[] paths) => _ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }));

    private IDataView Load(string? folder, params string[] paths)
    {
        var data = Paths(paths);
        return _ml.Transforms.LoadImages("Image", folder, "Path").Fit(data).Transform(data);
    }

    private ITransformer Reloaded(ITransformer model, DataViewSchema? schema)
    {
        using var saved = new MemoryStream();
        _ml.Model.Save(model, schema, saved);
        saved.Position = 0;
        return _ml.Model.Load(saved, out _);
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class ImageRow
    {
        [ImageType(2, 4)]
        public MLImage? Image { get; set; }
    }
}
