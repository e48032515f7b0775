using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Point
    {
        [VectorType(3)] public float[]? X;
    }

    private sealed class Sum
    {
        public float Total;
        [VectorType(3)] public float[] Squares = [];
    }

    private sealed class SumOrNope
    {
        public float Total { get; set; }
        public string? Nope { get; set; }
    }

    private ITransformer Model => _ml.Transforms.CustomMapping<Point, Sum>((point, sum) =>
    {
        sum.Total = point.X!.Sum();
        sum.Squares = [.. point.X!.Select(x => x * x)];
    }, contractName: null).Fit(_ml.Data.LoadFromEnumerable(new[] { new Point { X = [0, 0, 0] } }));

    [TestMethod]
    public void P2_Both_ways_to_predict_give_the_same_and_the_second_uses_its_object_again()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Point, Sum>(Model);
        var fresh = engine.Predict(new Point { X = [1, 2, 3] });
        Sum? reused = null;
        engine.Predict(new Point { X = [1, 2, 3] }, ref reused!);
        var (before, array) = (reused, reused.Squares);
        engine.Predict(new Point { X = [4, 5, 6] }, ref reused);

        Assert.AreEqual(6f, fresh.Total);
        Assert.AreEqual(15f, reused.Total);
        Assert.AreSame(before, reused);
        Assert.AreSame(array, reused.Squares);
        CollectionAssert.AreEqual(new[] { 16f, 25f, 36f }, reused.Squares);
        CollectionAssert.AreEqual(new[] { 1f, 4f, 9f }, fresh.Squares);
        Assert.AreEqual("X, Total, Squares", string.Join(", ", engine.OutputSchema.Select(column => column.Name)));
    }

    [TestMethod]
    public void P4_Engines_over_one_transformer_work_on_many_threads()
    {
        var model = Model;
        Parallel.For(0, 8, start =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<Point, Sum>(model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = start; i < start + 500; i++)
                Assert.AreEqual(3f * i, engine.Predict(new Point { X = [i, i, i] }).Total);
        });
    }

    [TestMethod]
    public void P5_An_engine_owns_its_transformer_unless_told_otherwise()
    {
        var (owned, shared, inChain) = (new DisposableTransformer(Model), new DisposableTransformer(Model), new DisposableTransformer(Model));
        _ml.Model.CreatePredictionEngine<Point, Sum>(owned).Dispose();
        _ml.Model.CreatePredictionEngine<Point, Sum>(new TransformerChain<ITransformer>(inChain)).Dispose();
        _ml.Model.CreatePredictionEngine<Point, Sum>(shared, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();

        Assert.IsTrue(owned.IsDisposed);
        Assert.IsTrue(inChain.IsDisposed);
        Assert.IsFalse(shared.IsDisposed);
    }

    [TestMethod]
    public void P6_A_member_without_a_column_is_left_alone_or_an_error()
    {
        using var lenient = _ml.Model.CreatePredictionEngine<Point, SumOrNope>(Model, ignoreMissingColumns: true);

        Assert.IsNull(lenient.Predict(new Point { X = [1, 1, 1] }).Nope);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Model.CreatePredictionEngine<Point, SumOrNope>(Model, ignoreMissingColumns: false));
        StringAssert.Contains(error.Message, "Nope");
    }

    [TestMethod]
    public void P7_The_input_needs_every_column_that_the_model_reads()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.CreatePredictionEngine<SumOrNope, Sum>(Model));
        StringAssert.Contains(error.Message, "'X'");
    }

    [TestMethod]
    [DataRow(null, "null", DisplayName = "P8 null")]
    [DataRow(new float[] { 1, 2 }, "2 items", DisplayName = "P9 too short")]
    [DataRow(new float[] { 1, 2, 3, 4 }, "4 items", DisplayName = "P9 too long")]
    public void P8_P9_A_vector_of_another_length_than_the_type_says_is_an_error(float[]? vector, string given)
    {
        using var engine = _ml.Model.CreatePredictionEngine<Point, Sum>(Model);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new Point { X = vector }));
        if (EmbeddedEngine.IsUsed)
            StringAssert.Contains(error.Message, given);
    }

    [TestMethod]
    public void P10_A_model_that_is_not_row_to_row_cannot_predict_single_rows() =>
        Assert.Throws<Exception>(() => _ml.Model.CreatePredictionEngine<Point, Sum>(new DisposableTransformer(Model) { IsRowToRowMapper = false }));

    [TestMethod]
    public void Definitions_rename_what_goes_in_and_out()
    {
        var input = SchemaDefinition.Create(typeof(Renamed));
        input["Values"].ColumnName = "X";
        input["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        var output = SchemaDefinition.Create(typeof(RenamedSum));
        output["Result"].ColumnName = "Total";
        using var engine = _ml.Model.CreatePredictionEngine<Renamed, RenamedSum>(Model, inputSchemaDefinition: input, outputSchemaDefinition: output);
        using var same = _ml.Model.CreatePredictionEngine<Renamed, RenamedSum>(Model, new PredictionEngineOptions
        {
            InputSchemaDefinition = input, OutputSchemaDefinition = output, IgnoreMissingColumns = false,
        });

        Assert.AreEqual(6f, engine.Predict(new Renamed { Values = [1, 2, 3] }).Result);
        Assert.AreEqual(6f, same.Predict(new Renamed { Values = [1, 2, 3] }).Result);
    }

    private sealed class Renamed
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class RenamedSum
    {
        public float Result { get; set; }
    }
}
