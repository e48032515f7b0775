using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLPipelines.Evaluation;
using MLPipelines.Onnx;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.MLNet;

/// <summary>ML.NET's own ONNX transformer.</summary>
[TestClass]
public sealed class OnnxTests
{
    private static readonly MLContext Context = new();

    // x + the mean over all rows of the run: 2x where a row is alone.
    [TestMethod]
    public void Rows_are_scored_one_by_one_whatever_batch_the_model_takes()
    {
        var mixing = new OnnxGraphBuilder("mixing").Input("x", TensorElementType.Float, "N", 2)
            .Node("ReduceMean", ["x"], ["mean"], new() { ["axes"] = (long[])[0], ["keepdims"] = 1 }).Node("Add", ["x", "mean"], ["y"])
            .Output("y", TensorElementType.Float, "N", 2).ToBytes();
        using var folder = new TemporaryFolder();
        var rows = Context.Data.LoadFromEnumerable<Row>([new() { X = [1, 2] }, new() { X = [10, 20] }]);
        using var model = Context.Transforms.ApplyOnnxModel("y", "x", folder.Write("mixing.onnx", mixing)).Fit(rows);

        CollectionAssert.AreEqual((float[])[2, 4, 20, 40], model.Transform(rows).GetColumn<float[]>("y").SelectMany(row => row).ToArray());
    }

    [TestMethod]
    public void All_models_that_an_estimator_fits_are_one_and_die_together()
    {
        using var folder = new TemporaryFolder();
        var rows = Context.Data.LoadFromEnumerable<Row>([new()]);
        var estimator = Context.Transforms.ApplyOnnxModel("y", "x", folder.Write("twice.onnx", Twice()));
        var (first, second) = (estimator.Fit(rows), estimator.Fit(rows));
        Assert.AreSame(first, second);
        first.Dispose();

        Assert.Throws<Exception>(() => second.Transform(rows).GetColumn<float[]>("y").ToArray());
    }

    // Rows are computed by workers, which also means that an enumerable behind the view is read on another thread.
    [TestMethod]
    public void What_a_row_throws_comes_wrapped()
    {
        using var folder = new TemporaryFolder();
        var rows = Context.Data.LoadFromEnumerable(Failing());
        using var model = Context.Transforms.ApplyOnnxModel("y", "x", folder.Write("twice.onnx", Twice())).Fit(rows);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(rows).GetColumn<float[]>("y").ToArray());
        Assert.StartsWith("Splitter/consolidator worker encountered exception", error.Message);
        Assert.AreEqual("the row itself", error.GetBaseException().Message);

        // At the borders of MLPipelines the row's own exception comes out.
        var scored = model.Transform(rows);
        foreach (var read in (Action[])[
            () => Context.Transforms.TemperatureSoftmax("P", "y", labelColumnName: "Label").Fit(scored),
            () => ScoredDataView.Read(scored, scoreColumn: "y", classNames: ["a", "b"])])
            Assert.AreEqual("the row itself", Assert.ThrowsExactly<InvalidDataException>(read).Message);

        static IEnumerable<LabelledRow> Failing()
        {
            yield return new();
            throw new InvalidDataException("the row itself");
        }
    }

    [TestMethod]
    public void The_model_travels_in_the_saved_file_and_lies_in_a_temporary_one_until_disposed_of()
    {
        using var folder = new TemporaryFolder();
        using var temporary = new TemporaryFolder();
        var onnx = folder.Write("twice.onnx", Twice());
        var rows = Context.Data.LoadFromEnumerable<Row>([new()]);
        using (var model = Context.Transforms.ApplyOnnxModel("y", "x", onnx).Fit(rows))
            Context.Model.Save(model, rows.Schema, folder["saved.zip"]);
        File.Delete(onnx);

        using (var zip = ZipFile.OpenRead(folder["saved.zip"]))
            CollectionAssert.Contains(zip.Entries.Select(entry => entry.Name).ToArray(), "OnnxModel");
        var ml = new MLContext { TempFilePath = temporary.Path };
        var loaded = ml.Model.Load(folder["saved.zip"], out _);
        Assert.HasCount(1, Directory.GetFiles(temporary.Path, "*", SearchOption.AllDirectories));
        CollectionAssert.AreEqual((float[])[2, 4], loaded.Transform(rows).GetColumn<float[]>("y").Single());

        ((IDisposable)loaded).Dispose();
        Assert.IsEmpty(Directory.GetFiles(temporary.Path, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_vector_of_twice_the_length_passes_the_schema_and_fails_at_its_row()
    {
        using var folder = new TemporaryFolder();
        var rows = Context.Data.LoadFromEnumerable<LongRow>([new()]);
        using var model = Context.Transforms.ApplyOnnxModel("y", "x", folder.Write("twice.onnx", Twice())).Fit(rows);

        Assert.Throws<InvalidOperationException>(() => model.Transform(rows).GetColumn<float[]>("y").ToArray());
    }

    [TestMethod]
    public void An_output_whose_name_ends_in_output_loses_the_ending()
    {
        using var folder = new TemporaryFolder();
        var rows = Context.Data.LoadFromEnumerable<Row>([new()]);
        using var model = Context.Transforms.ApplyOnnxModel(folder.Write("twice.onnx", Twice("y.output"))).Fit(rows);

        CollectionAssert.AreEqual((string[])["x", "y"], model.GetOutputSchema(rows.Schema).Select(column => column.Name).ToArray());
    }

    private static byte[] Twice(string output = "y") => new OnnxGraphBuilder("twice").Input("x", TensorElementType.Float, "N", 2)
        .Node("Add", ["x", "x"], [output]).Output(output, TensorElementType.Float, "N", 2).ToBytes();

    private sealed class Row
    {
        [ColumnName("x"), VectorType(2)]
        public float[] X { get; set; } = [1, 2];
    }

    private sealed class LabelledRow
    {
        [ColumnName("x"), VectorType(2)]
        public float[] X { get; set; } = [1, 2];

        public float Label { get; set; }
    }

    private sealed class LongRow
    {
        [ColumnName("x"), VectorType(4)]
        public float[] X { get; set; } = [1, 2, 3, 4];
    }
}
