using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Onnx;

[TestClass]
public sealed class OnnxScoringTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(null)]
    [DataRow(1)]
    [DataRow(2)]
    public void A_model_of_any_number_of_rows_scores_many_at_once_in_their_order(int? threads)
    {
        EmbeddedEngine.Require("it scores row by row.");
        var file = Path.GetTempFileName();
        File.WriteAllBytes(file, SmallModels.TellRowsInRun(2, "N", "N"));
        var data = Load(Rows(1000), 2);
        using var transformer = _ml.Transforms.ApplyOnnxModel(new OnnxOptions { ModelFile = file, IntraOpNumThreads = threads }).Fit(data);
        File.Delete(file);

        var scores = transformer.Transform(data).GetColumn<float[]>("y").ToArray();

        for (var i = 0; i < 1000; i++)
        {
            Assert.AreEqual(i / 50f, scores[i][0], 1e-4);
            Assert.AreEqual(1, scores[i][1], 1e-4);
        }

        Assert.IsGreaterThan(900, RowsInRun(scores).Count(rows => rows >= 8));
    }

    [TestMethod]
    public void Wide_rows_come_in_smaller_batches_so_that_memory_stays_bounded()
    {
        var rows = Enumerable.Range(0, 8).Select(_ => Enumerable.Repeat(1f, 2_000_000).ToArray());

        // 2²¹ values are read ahead at most, but a row for each core.
        Assert.IsTrue(RowsInRun(Score(SmallModels.TellRowsInRun(2_000_000, "N", "N"), rows))
            .All(rows => rows <= Math.Max(2, Environment.ProcessorCount)));
    }

    [TestMethod]
    [DataRow(1, 1, DisplayName = "of a fixed size 1")]
    [DataRow(null, 1, DisplayName = "whose output is of a fixed size 1")]
    public void A_model_of_single_rows_scores_them_one_by_one_in_their_order(int? inputRows, int outputRows)
    {
        var scores = Score(SmallModels.TellRowsInRun(2, inputRows is { } size ? size : "N", outputRows), Rows(100));

        CollectionAssert.AreEqual(Enumerable.Repeat(1, 100).ToArray(), RowsInRun(scores));
        for (var i = 0; i < 100; i++)
            Assert.AreEqual(i / 50f, scores[i][0], 1e-4);
    }

    [TestMethod]
    public void A_model_whose_rows_depend_on_each_other_is_run_row_by_row()
    {
        foreach (var row in Score(SmallModels.CentreOverRows(), Rows(100)))
            CollectionAssert.AreEqual(new float[] { 0, 0 }, row);
    }

    [TestMethod]
    public void A_model_with_a_fixed_number_of_rows_inside_is_run_row_by_row()
    {
        var rows = Rows(100).Select(row => new[] { row[0], 2, 3, 4 }).ToArray();

        CollectionAssert.AreEqual(rows.SelectMany(row => row).ToArray(), Score(SmallModels.ReshapeToOneRow(), rows).SelectMany(row => row).ToArray());
    }

    [TestMethod]
    public void A_prediction_engine_runs_one_row()
    {
        var model = Fit(SmallModels.TellRowsInRun(2, "N", "N"), Rows(1));
        using var engine = _ml.Model.CreatePredictionEngine<Pair, Scored>(model);

        for (var i = 0; i < 3; i++)
        {
            var scored = engine.Predict(new Pair { X = [i, 1] });
            Assert.AreEqual(i, scored.Y[0], 1e-4);
            Assert.AreEqual(1, (int)Math.Round((scored.Y[1] - 1) * 1e6));
        }
    }

    [TestMethod]
    public void All_inputs_and_outputs_are_used_unless_some_are_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new TwoInputs { A = [1, 2], B = [10, 20] }, new TwoInputs { A = [4, 3], B = [0, 1] }]);
        using var model = new MemoryStream(SmallModels.SumAndArgMax());

        var scored = _ml.Transforms.ApplyOnnxModel(model).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "a", "b", "sum", "index" }, scored.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual("Vector<Single, 1, 2>", scored.Schema["sum"].Type.ToString());
        Assert.AreEqual("Vector<Int64, 1, 1>", scored.Schema["index"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 11, 22, 4, 4 }, scored.GetColumn<float[]>("sum").SelectMany(row => row).ToArray());
        CollectionAssert.AreEqual(new[] { 1L, 0 }, scored.GetColumn<long[]>("index").SelectMany(row => row).ToArray());

        model.Position = 0;
        var index = _ml.Transforms.ApplyOnnxModel(["index"], ["a", "b"], model).Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "a", "b", "index" }, index.Schema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void Texts_come_out_and_columns_of_one_batch_share_its_run()
    {
        var data = _ml.Data.LoadFromEnumerable([new Scores { Score = [0.1f, 0.7f, 0.2f] }, new Scores { Score = [0.5f, 0.1f, 0.4f] }]);
        using var model = new MemoryStream(SmallModels.TopTwoLabels());
        var scored = _ml.Transforms.ApplyOnnxModel(model).Fit(data).Transform(data);

        var rows = _ml.Data.CreateEnumerable<Best>(scored, reuseRowObject: false).ToArray();

        CollectionAssert.AreEqual(new[] { "birds", "" }, rows[0].Labels);
        CollectionAssert.AreEqual(new[] { "Äpfel", "" }, rows[1].Labels);
        CollectionAssert.AreEqual(new[] { 0.5f, 0.4f }, rows[1].Values);
    }

    [TestMethod]
    public void Texts_go_in()
    {
        var data = _ml.Data.LoadFromEnumerable([new Texts { X = ["a", ""] }, new Texts { X = ["ü", "c"] }]);
        using var model = new MemoryStream(SmallModels.Copy(TensorElementType.String, "N", 2));

        var copies = _ml.Transforms.ApplyOnnxModel("y", "x", model).Fit(data).Transform(data).GetColumn<string[]>("y").ToArray();

        CollectionAssert.AreEqual(new[] { "a", "" }, copies[0]);
        CollectionAssert.AreEqual(new[] { "ü", "c" }, copies[1]);
    }

    [TestMethod]
    public void A_tensor_without_dimensions_is_a_scalar_column()
    {
        EmbeddedEngine.Require("there such tensors cannot be read (S6).");
        var data = _ml.Data.LoadFromEnumerable([new Scalar { X = 2 }, new Scalar { X = 5 }, new Scalar { X = -1 }]);
        using var model = new MemoryStream(SmallModels.Copy(TensorElementType.Float));
        var scored = _ml.Transforms.ApplyOnnxModel("y", "x", model).Fit(data).Transform(data);

        Assert.AreEqual(NumberDataViewType.Single, scored.Schema["y"].Type);
        CollectionAssert.AreEqual(new float[] { 2, 5, -1 }, scored.GetColumn<float>("y").ToArray());
    }

    [TestMethod]
    public void A_scalar_column_fills_an_input_of_one_value()
    {
        EmbeddedEngine.Require("it sends [1, 1], whatever the shape.");
        var data = _ml.Data.LoadFromEnumerable([new Scalar { X = 2 }, new Scalar { X = 5 }]);

        foreach (var bytes in new[] { SmallModels.Copy(TensorElementType.Float, "N", 1), SmallModels.Copy(TensorElementType.Float, 1),
            SmallModels.Copy(TensorElementType.Float, "N") })
        {
            using var model = new MemoryStream(bytes);
            var scores = _ml.Transforms.ApplyOnnxModel("y", "x", model).Fit(data).Transform(data).GetColumn<float[]>("y").ToArray();
            CollectionAssert.AreEqual(new float[] { 2 }, scores[0]);
            CollectionAssert.AreEqual(new float[] { 5 }, scores[1]);
        }
    }

    [TestMethod]
    public void A_scalar_column_does_not_fill_an_input_of_three_values()
    {
        var data = _ml.Data.LoadFromEnumerable([new Scalar { X = 2 }]);

        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(SmallModels.Reverse("N"), data));
    }

    [TestMethod]
    public void A_sparse_vector_fills_the_input_with_its_zeros()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sparse { X = new VBuffer<float>(3, 1, [4f], [0]) }]);

        CollectionAssert.AreEqual(new float[] { 0, 0, 4 }, Fit(SmallModels.Reverse("N"), data).Transform(data).GetColumn<float[]>("y").Single());
    }

    [TestMethod]
    public void An_output_called_with_a_dot_output_loses_it()
    {
        var data = Load([[1f, 2, 3]], 3, "a.b");
        using var model = new MemoryStream(SmallModels.DottedNames());

        var scored = _ml.Transforms.ApplyOnnxModel(model).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new[] { "a.b", "score" }, scored.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { -1, -2, -3 }, scored.GetColumn<float[]>("score").Single());
    }

    [TestMethod]
    public void An_unknown_size_beside_the_first_follows_the_length_of_the_rows()
    {
        var data = Load([[1f, 2], [1f, 2, 3, 4], [5f, 6, 7, 8], [9f, 9]], 0);

        var scored = Fit(SmallModels.Copy(TensorElementType.Float, "N", 2, "M"), data).Transform(data);
        var rows = scored.GetColumn<float[]>("y").ToArray();

        Assert.AreEqual("Vector<Single>", scored.Schema["y"].Type.ToString());
        CollectionAssert.AreEqual(new[] { 2, 4, 4, 2 }, rows.Select(row => row.Length).ToArray());
        CollectionAssert.AreEqual(new float[] { 5, 6, 7, 8 }, rows[2]);
    }

    [TestMethod]
    public void An_unknown_size_beside_the_first_follows_the_size_of_the_column()
    {
        EmbeddedEngine.Require("it fails at the first row (O10).");
        var data = Load([[1f, 2, 3, 4, 5, 6]], 6);

        CollectionAssert.AreEqual(
            new float[] { 1, 2, 3, 4, 5, 6 }, Fit(SmallModels.Copy(TensorElementType.Float, "N", 2, "M"), data).Transform(data)
                .GetColumn<float[]>("y").Single());
    }

    [TestMethod]
    public void Vectors_of_no_declared_length_are_scored_where_they_fit()
    {
        EmbeddedEngine.Require("it fails at the first row (O4).");
        var data = Load([[1f, 2, 3], [4f, 5, 6], [7f, 8]], 0);
        var scores = Fit(SmallModels.Reverse("N"), data).Transform(data).GetColumn<float[]>("y").GetEnumerator();

        using (scores)
        {
            Assert.IsTrue(scores.MoveNext());
            CollectionAssert.AreEqual(new float[] { 3, 2, 1 }, scores.Current);
            Assert.IsTrue(scores.MoveNext());
            var exception = Assert.ThrowsExactly<InvalidOperationException>(() => scores.MoveNext());
            StringAssert.Contains(exception.Message, "has 2 values", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Two_unknown_sizes_beside_the_first_are_refused_until_a_shape_is_given()
    {
        var model = SmallModels.Copy(TensorElementType.Float, "N", "C", 2, "W");
        var data = Load([Enumerable.Range(0, 12).Select(i => (float)i).ToArray()], 12);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(model, data));

        var shapes = new Dictionary<string, int[]> { ["x"] = [1, 3, 2, 2], ["y"] = [1, 3, 2, 2] };
        var scored = _ml.Transforms.ApplyOnnxModel(new MemoryStream(model), shapes).Fit(data).Transform(data);
        Assert.AreEqual("Vector<Single, 1, 3, 2, 2>", scored.Schema["y"].Type.ToString());
        CollectionAssert.AreEqual(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), scored.GetColumn<float[]>("y").Single());
    }

    [TestMethod]
    public void A_given_shape_lets_one_row_fill_several_places()
    {
        EmbeddedEngine.Require("there the type says one row and several come (O3c).");
        var data = Load([[1f, 2, 3, 4, 5, 6], [0f, 0, 7, 0, 0, 8]], 6);
        var ofInput = _ml.Transforms.ApplyOnnxModel(
            "y", "x", new MemoryStream(SmallModels.Reverse("N")), new Dictionary<string, int[]> { ["x"] = [2, 3] });

        var scored = ofInput.Fit(data).Transform(data);
        Assert.AreEqual("Vector<Single>", scored.Schema["y"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 3, 2, 1, 6, 5, 4 }, scored.GetColumn<float[]>("y").First());

        var ofBoth = _ml.Transforms.ApplyOnnxModel(
            ["y"], ["x"], new MemoryStream(SmallModels.Reverse("N")), new Dictionary<string, int[]> { ["x"] = [2, 3], ["y"] = [2, 3] });
        scored = ofBoth.Fit(data).Transform(data);
        Assert.AreEqual("Vector<Single, 2, 3>", scored.Schema["y"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 7, 0, 0, 8, 0, 0 }, scored.GetColumn<float[]>("y").Last());
    }

    [TestMethod]
    public void A_given_output_shape_that_does_not_come_true_is_an_error()
    {
        var data = Load([[1f, 2, 3]], 3);
        var shapes = new Dictionary<string, int[]> { ["y"] = [2, 3] };
        var scored = _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(SmallModels.Reverse("N")), shapes).Fit(data).Transform(data);

        Assert.ThrowsExactly<InvalidOperationException>(() => scored.GetColumn<float[]>("y").ToArray());
    }

    [TestMethod]
    public void The_estimator_misses_columns_without_data()
    {
        using var model = new MemoryStream(SmallModels.SumAndArgMax());

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel(model).GetOutputSchema(new SchemaShape([])));
    }

    private static int[] RowsInRun(float[][] scores) => [.. scores.Select(row => (int)Math.Round((row[1] - 1) * 1e6))];

    /// <summary>[i / 50, 1].</summary>
    private static float[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new[] { i / 50f, 1 })];

    private IDataView Load(IEnumerable<float[]> rows, int size, string column = "x")
    {
        var schema = SchemaDefinition.Create(typeof(Any));
        schema[nameof(Any.X)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        schema[nameof(Any.X)].ColumnName = column;
        return _ml.Data.LoadFromEnumerable(rows.Select(row => new Any { X = row }), schema);
    }

    private OnnxTransformer Fit(byte[] model, IDataView data) => _ml.Transforms.ApplyOnnxModel("y", "x", new MemoryStream(model)).Fit(data);

    private OnnxTransformer Fit(byte[] model, IEnumerable<float[]> rows) => Fit(model, Load(rows, rows.First().Length));

    private float[][] Score(byte[] model, IEnumerable<float[]> rows)
    {
        var data = Load(rows, rows.First().Length);
        using var transformer = Fit(model, data);
        return [.. transformer.Transform(data).GetColumn<float[]>("y")];
    }

    private sealed class Any
    {
        public float[] X { get; set; } = [];
    }

    private sealed class Pair
    {
        [ColumnName("x"), VectorType(2)]
        public float[] X { get; set; } = [];
    }

    private sealed class Scored
    {
        [ColumnName("y")]
        public float[] Y { get; set; } = [];
    }

    private sealed class TwoInputs
    {
        [ColumnName("a"), VectorType(2)]
        public float[] A { get; set; } = [0, 0];

        [ColumnName("b"), VectorType(2)]
        public float[] B { get; set; } = [0, 0];
    }

    private sealed class Scores
    {
        [ColumnName("score"), VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Best
    {
        [ColumnName("best")]
        public string[] Labels { get; set; } = [];

        [ColumnName("values")]
        public float[] Values { get; set; } = [];
    }

    private sealed class Texts
    {
        [ColumnName("x"), VectorType(2)]
        public string[] X { get; set; } = [];
    }

    private sealed class Scalar
    {
        [ColumnName("x")]
        public float X { get; set; }
    }

    private sealed class Sparse
    {
        [ColumnName("x"), VectorType(3)]
        public VBuffer<float> X { get; set; }
    }
}
