using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Onnx;

[TestClass]
public sealed class OnnxSavingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlp-onnx-");

    private IDataView Data => _ml.Data.LoadFromEnumerable([new Row { X = [1, 2, 3] }, new Row { X = [4, 5, 6] }]);

    [TestCleanup]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_saved_model_scores_the_same_after_its_file_is_gone()
    {
        EmbeddedEngine.Require("it reads the original file again at Save (S4).");
        var file = Path.Combine(_folder.FullName, "reverse.onnx");
        File.WriteAllBytes(file, SmallModels.Reverse("N"));
        var model = _ml.Transforms.ApplyOnnxModel("y", "x", file).Fit(Data);
        File.Delete(file);

        var loaded = Reloaded(model);

        Assert.IsInstanceOfType<OnnxTransformer>(loaded);
        CollectionAssert.AreEqual(new float[] { 3, 2, 1, 6, 5, 4 }, loaded.Transform(Data).GetColumn<float[]>("y").SelectMany(row => row).ToArray());
    }

    [TestMethod]
    public void Given_names_and_shapes_are_saved()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { X = [1, 2, 3] }]);
        var shapes = new Dictionary<string, int[]> { ["x"] = [1, 3], ["y"] = [1, 3] };
        var model = _ml.Transforms.ApplyOnnxModel(
            ["y"], ["x"], new MemoryStream(SmallModels.Copy(TensorElementType.Float, "N", "M")), shapes).Fit(data);

        var loaded = Reloaded(model);

        Assert.AreEqual("Vector<Single, 1, 3>", loaded.GetOutputSchema(data.Schema)["y"].Type.ToString());
    }

    [TestMethod]
    public void The_model_lies_in_the_zip_byte_for_byte()
    {
        EmbeddedEngine.Require("its format is another.");
        var bytes = SmallModels.Reverse("N");
        var model = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(bytes)).Fit(Data);
        using var saved = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, saved);

        using var zip = new ZipArchive(saved);
        using var part = zip.Entries.Single(entry => entry.Name == "OnnxModel").Open();
        using var stored = new MemoryStream();
        part.CopyTo(stored);

        CollectionAssert.AreEqual(bytes, stored.ToArray());
    }

    [TestMethod]
    public void No_temporary_file_is_ever_made()
    {
        EmbeddedEngine.Require("it makes one per stream (S1).");
        _ml.TempFilePath = _folder.FullName;
        using var model = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(SmallModels.Reverse("N"))).Fit(Data);
        using var loaded = (OnnxTransformer)Reloaded(model);
        _ = loaded.Transform(Data).GetColumn<float[]>("y").Count();

        Assert.IsEmpty(_folder.GetFiles());
    }

    [TestMethod]
    public void A_disposed_transformer_can_still_be_saved()
    {
        EmbeddedEngine.Require("it reads the temporary file again at Save (S1, S4).");
        var model = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(SmallModels.Reverse("N"))).Fit(Data);
        model.Dispose();

        CollectionAssert.AreEqual(new float[] { 3, 2, 1 }, Reloaded(model).Transform(Data).GetColumn<float[]>("y").First());
    }

    [TestMethod]
    public void A_damaged_model_in_the_zip_is_an_error_of_loading()
    {
        EmbeddedEngine.Require("its format is another.");
        var model = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(SmallModels.Reverse("N"))).Fit(Data);
        using var saved = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, saved);
        using (var zip = new ZipArchive(saved, ZipArchiveMode.Update, leaveOpen: true))
        {
            var part = zip.Entries.Single(entry => entry.Name == "OnnxModel");
            var name = part.FullName;
            part.Delete();
            using var broken = zip.CreateEntry(name).Open();
            broken.Write("no model"u8);
        }

        saved.Position = 0;
        Assert.ThrowsExactly<InvalidDataException>(() => _ml.Model.Load(saved, out _));
    }

    private ITransformer Reloaded(ITransformer model)
    {
        using var saved = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, saved);
        saved.Position = 0;
        var loaded = _ml.Model.Load(saved, out _);
        return loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded;
    }

    private sealed class Row
    {
        [ColumnName("x"), VectorType(3)]
        public float[] X { get; set; } = [];
    }
}
