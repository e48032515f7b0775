using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Tests.Transforms;
using MLPipelines.Transforms;

namespace MLPipelines.Tests.MLNet;

/// <summary>Columns on their way into ML.NET, through it and back.</summary>
[TestClass]
public sealed class ColumnTests
{
    private static readonly MLContext Context = new();

    [TestMethod]
    public void A_key_that_is_read_back_is_one_higher_than_it_was_given()
    {
        var rows = Context.Data.LoadFromEnumerable<Keyed>([new() { Key = 0 }, new() { Key = 2 }]);
        var once = Context.Data.CreateEnumerable<Keyed>(rows, reuseRowObject: false).ToArray();
        var twice = Context.Data.CreateEnumerable<Keyed>(Context.Data.LoadFromEnumerable(once), reuseRowObject: false);

        CollectionAssert.AreEqual((uint[])[1, 3], once.Select(row => row.Key).ToArray());
        CollectionAssert.AreEqual((uint[])[2, 0], twice.Select(row => row.Key).ToArray(), "and 3 is beyond the last of three: missing");
    }

    [TestMethod]
    public void A_vector_of_another_length_than_its_column_promises_is_passed_on()
    {
        var rows = Context.Data.LoadFromEnumerable<Vector>([new() { Values = [1, 2] }]);
        var copied = Context.Transforms.CopyColumns("Copy", nameof(Vector.Values)).Fit(rows).Transform(rows);

        Assert.AreEqual(3, ((VectorDataViewType)copied.Schema["Copy"].Type).Size);
        Assert.HasCount(2, copied.GetColumn<float[]>("Copy").Single());
    }

    [TestMethod]
    public void Our_transformers_refuse_such_a_row()
    {
        var rows = Context.Data.LoadFromEnumerable<Vector>([new() { Values = [1, 2, 3] }, new() { Values = [1, 2] }]);
        foreach (var estimator in (IEstimator<ITransformer>[])[
            Context.Transforms.TemperatureSoftmax("Out", nameof(Vector.Values)), Context.Transforms.TopN("Out", nameof(Vector.Values))])
        {
            var view = estimator.Fit(rows).Transform(rows);
            var added = view.Schema[view.Schema.Count - 1].Name;
            Assert.Contains("has a vector of 2", Assert.ThrowsExactly<InvalidDataException>(() => view.Lines(added)).Message);
        }
    }

    // So that it does not make a plain vector of the [1, classes] that ApplyOnnxModel gives.
    [TestMethod]
    public void Concatenate_of_one_column_is_an_identity_and_keeps_its_dimensions()
    {
        var rows = Context.Data.LoadFromEnumerable<Matrix>([new()]);
        var same = Context.Transforms.Concatenate("Same", nameof(Matrix.Values)).Fit(rows).Transform(rows);

        Assert.AreEqual("Vector<Single, 1, 3>", same.Schema["Same"].Type.ToString());
        CollectionAssert.AreEqual((float[])[1, 2, 3], same.GetColumn<float[]>("Same").Single());
    }

    [TestMethod]
    public void The_shape_of_a_column_cannot_be_made_outside_ML_NET() => Assert.IsEmpty(typeof(SchemaShape.Column).GetConstructors());

    // Transforms/Rows/SchemaShapes.cs lives on this.
    [TestMethod]
    public void A_chain_shows_its_estimators_the_shape_of_the_rows_before_it_fits_them()
    {
        var onlooker = new Onlooker();
        var named = new VectorDataViewType(NumberDataViewType.Single, 3);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Score", named, ClassNames.ScoreAnnotations(["a", "b", "c"]));
        new EstimatorChain<ITransformer>().Append(onlooker).Fit(new EmptyView(builder.ToSchema()));

        CollectionAssert.AreEqual((string[])["shape", "fit"], onlooker.Calls);
        var column = onlooker.Shape!.Single();
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, column.Kind);
        CollectionAssert.Contains(column.Annotations.Select(annotation => annotation.Name).ToArray(), "SlotNames");
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class Vector
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Matrix
    {
        [VectorType(1, 3)]
        public float[] Values { get; set; } = [1, 2, 3];
    }

    private sealed class Onlooker : IEstimator<ITransformer>
    {
        public List<string> Calls { get; } = [];

        public SchemaShape? Shape { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            Calls.Add("shape");
            return Shape = inputSchema;
        }

        public ITransformer Fit(IDataView input)
        {
            Calls.Add("fit");
            return new TransformerChain<ITransformer>();
        }
    }
}
