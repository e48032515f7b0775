using Microsoft.ML;
using MLPipelines.Images;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.Transforms;

[TestClass]
public sealed class LoadImageTensorsTests
{
    private static readonly MLContext Context = new();
    private static readonly ImagePreprocessing Grey = PreprocessingPresets.Get("mnist-raw") with { Width = 2, Height = 2, Resize = ResizeMode.None };
    private readonly string folder = Directory.CreateTempSubdirectory("mlpipelines-test-").FullName;

    [TestCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Images_come_from_paths_in_the_order_of_the_rows()
    {
        var rows = Enumerable.Range(0, 130).Select(i => new Item { Path = Write($"{i}.pgm", [(byte)i, 1, 2, 3]) }).ToArray();
        var lines = Load(rows, Grey).Lines("Tensor");

        CollectionAssert.AreEqual(Enumerable.Range(0, 130).Select(i => $"{i} 1 2 3").ToArray(), lines);
    }

    [TestMethod]
    public void Relative_paths_start_from_the_folder_that_is_given()
    {
        Write("a.pgm", [9, 8, 7, 6]);
        var lines = Load([new() { Path = "a.pgm" }], Grey, options: new() { ImageFolder = folder }).Lines("Tensor");

        Assert.AreEqual("9 8 7 6", lines.Single());
    }

    [TestMethod]
    public void The_tensor_has_the_dimensions_of_the_preprocessing()
    {
        var column = Load([], PreprocessingPresets.Get("imagenet-torch")).Schema["Tensor"];
        Assert.AreEqual("Vector<Single, 3, 224, 224>", column.Type.ToString());
    }

    [TestMethod]
    public void Rows_before_a_broken_image_are_served_and_the_image_is_named()
    {
        Item[] rows = [new() { Path = Write("good.pgm", [1, 2, 3, 4]) }, new() { Path = Write("broken.pgm", [1, 2]) },
            new() { Path = Path.Combine(folder, "absent.pgm") }, new()];
        var view = Load(rows, Grey);
        using var cursor = view.GetRowCursor([view.Schema["Tensor"]]);
        using var lines = ViewReading.Lines(cursor, view.Schema["Tensor"]).GetEnumerator();

        Assert.IsTrue(lines.MoveNext());
        Assert.AreEqual("1 2 3 4", lines.Current);
        Assert.Contains("broken.pgm", Assert.ThrowsExactly<InvalidDataException>(() => lines.MoveNext()).Message);
    }

    [TestMethod]
    [DataRow("absent.pgm", "absent.pgm cannot be read")]
    [DataRow("", "empty path")]
    public void A_file_that_cannot_be_read_is_an_error_of_the_data(string path, string said) => Assert.Contains(
        said, Assert.ThrowsExactly<InvalidDataException>(() => Load([new() { Path = path }], Grey).Lines("Tensor")).Message);

    [TestMethod]
    public void Missing_images_leave_their_row_as_NaN_and_are_listed_once()
    {
        Item[] rows =
        [
            new() { Path = Write("good.pgm", [1, 2, 3, 4]) }, new() { Path = Write("broken.pgm", [1, 2]) },
            new() { Path = Path.Combine(folder, "absent.pgm") },
            new() { Path = Write("large.pgm", [1, 2, 3, 4, 5, 6], 3, 2) }, new() { Path = Write("last.pgm", [5, 6, 7, 8]) },
        ];
        var skipped = new SkippedImageLog();
        var view = Load(rows, Grey, ImageErrorPolicy.Missing, new() { Skipped = skipped });

        string[] expected = ["1 2 3 4", "NaN NaN NaN NaN", "NaN NaN NaN NaN", "NaN NaN NaN NaN", "5 6 7 8"];
        CollectionAssert.AreEqual(expected, view.Lines("Tensor"));
        CollectionAssert.AreEqual(expected, view.Lines("Tensor"));
        Assert.AreEqual(3, skipped.Count);
        Assert.Contains("absent.pgm", skipped.Images[0].Name);
        Assert.Contains("takes 4 bytes; 2 follow", skipped.Images[1].Reason);
        Assert.Contains("3×2 pixels; 2×2 are expected", skipped.Images[2].Reason);
    }

    [TestMethod]
    public void Images_that_come_as_bytes_are_named_by_a_column()
    {
        Item[] rows = [new() { Path = "item 7", File = [1, 2, 3] }];
        var data = Context.Data.LoadFromEnumerable(rows);
        var view = Context.Transforms.LoadImageTensors("Tensor", "File", Grey, options: new() { NameColumn = "Path" }).Fit(data).Transform(data);

        Assert.Contains("item 7", Assert.ThrowsExactly<InvalidDataException>(() => view.Lines("Tensor")).Message);
    }

    [TestMethod]
    public void Without_such_a_column_the_input_column_is_named()
    {
        var data = Context.Data.LoadFromEnumerable<Item>([new()]);
        var view = Context.Transforms.LoadImageTensors("Tensor", "File", Grey).Fit(data).Transform(data);

        Assert.Contains("column 'File' is empty", Assert.ThrowsExactly<InvalidDataException>(() => view.Lines("Tensor")).Message);
    }

    [TestMethod]
    public void Preprocessing_that_does_not_fit_together_is_refused_at_once() =>
        Assert.ThrowsExactly<ArgumentException>(() => Context.Transforms.LoadImageTensors("Tensor", "Path", Grey with { Width = -1 }));

    private static IDataView Load(
        Item[] rows, ImagePreprocessing preprocessing, ImageErrorPolicy onError = ImageErrorPolicy.Fail, ImageLoadingOptions? options = null)
    {
        var data = Context.Data.LoadFromEnumerable(rows);
        return Context.Transforms.LoadImageTensors("Tensor", "Path", preprocessing, onError, options).Fit(data).Transform(data);
    }

    private string Write(string name, byte[] pixels, int width = 2, int height = 2)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, SampleRows.Pgm(width, height, pixels));
        return path;
    }

    private sealed class Item
    {
        public string Path { get; set; } = "";

        public byte[] File { get; set; } = [];
    }
}
