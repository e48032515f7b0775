using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class CustomMappingTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Pair
    {
        public float Sum;
        public float Difference;
    }

    private sealed class Terms
    {
        public float A;
        public float B;
    }

    private sealed class Vector
    {
        [VectorType] public float[] Y = [];
    }

    private sealed class Empty
    {
    }

    private sealed class Shapes
    {
        [VectorType(3)] public float[] V = [];
        [KeyType(3)] public uint K { get; set; }
        public string S { get; set; } = "";
        [VectorType] public byte[] B { get; set; } = [];
    }

    private IDataView TwoRows => _ml.Data.LoadFromEnumerable(new[] { new Terms { A = 3, B = 1 }, new Terms { A = 5, B = 7 } });

    [TestMethod]
    public void Columns_are_computed_row_by_row()
    {
        var calls = 0;
        var view = _ml.Transforms.CustomMapping<Terms, Pair>((terms, pair) =>
        {
            calls++;
            (pair.Sum, pair.Difference) = (terms.A + terms.B, terms.A - terms.B);
        }, contractName: null).Fit(TwoRows).Transform(TwoRows);

        CollectionAssert.AreEqual(new[] { (4f, 2f), (12f, -2f) },
            _ml.Data.CreateEnumerable<Pair>(view, reuseRowObject: false).Select(row => (row.Sum, row.Difference)).ToArray());
        Assert.AreEqual(2, calls, "one call per row, though two columns are read");
        Assert.AreEqual("A, B, Sum, Difference", string.Join(", ", view.Schema.Select(column => column.Name)));
    }

    [TestMethod]
    public void Nothing_is_computed_for_columns_that_nobody_reads()
    {
        var calls = 0;
        var view = _ml.Transforms.CustomMapping<Terms, Pair>((_, _) => calls++, contractName: null).Fit(TwoRows).Transform(TwoRows);

        Assert.AreEqual(2, view.GetColumn<float>("A").Count());
        Assert.AreEqual(0, calls);
    }

    [TestMethod]
    public void What_one_row_leaves_out_is_not_the_value_of_the_row_before()
    {
        EmbeddedEngine.Require("there one output object is filled again and again.");
        var view = _ml.Transforms.CustomMapping<Terms, Pair>((terms, pair) =>
        {
            if (terms.A < 4)
                pair.Sum = 1;
        }, contractName: null).Fit(TwoRows).Transform(TwoRows);

        CollectionAssert.AreEqual(new[] { 1f, 0f }, view.GetColumn<float>("Sum").ToArray());
    }

    [TestMethod]
    public void A_missing_or_mistyped_input_is_found_before_any_row_is_read()
    {
        var rows = Doubling.Rows(_ml, 1);
        var estimator = _ml.Transforms.CustomMapping<Terms, Pair>((_, _) => { }, contractName: null);

        Assert.Throws<ArgumentException>(() => estimator.Fit(rows));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.CustomMapping<Terms, Pair>((_, _) => { }, null).Append(estimator).Fit(rows));
    }

    [TestMethod]
    public void C1_A_vector_of_free_length_stays_one()
    {
        var estimator = _ml.Transforms.CustomMapping<Terms, Vector>((terms, vector) => vector.Y = [terms.A, terms.B], contractName: null);
        var view = estimator.Fit(TwoRows).Transform(TwoRows);

        Assert.AreEqual("Vector<Single>", view.Schema["Y"].Type.ToString());
        CollectionAssert.AreEqual(new[] { 5f, 7f }, view.GetColumn<float[]>("Y").Last());
    }

    [TestMethod]
    public void C2_A_mapping_without_a_contract_cannot_be_saved()
    {
        var model = Doubling.Estimator(_ml, contract: null).Fit(Doubling.Rows(_ml, 1));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Save(model, null, new MemoryStream()));
        StringAssert.Contains(error.Message, "Empty contract name");
    }

    [TestMethod]
    public void C3_A_contract_that_nobody_has_is_named_when_loading()
    {
        List<LoggingEventArgs> log = [];
        _ml.Log += (_, message) => log.Add(message);
        using var file = new MemoryStream();
        _ml.Model.Save(Doubling.Estimator(_ml, contract: "nobody's").Fit(Doubling.Rows(_ml, 1)), null, file);

        file.Position = 0;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Load(file, out _));
        if (!EmbeddedEngine.IsUsed)
            return;
        StringAssert.Contains(error.Message, "nobody's");
        var warning = log.Single();
        Assert.AreEqual((ChannelMessageKind.Warning, "CustomMapping"), (warning.Kind, warning.Source));
        StringAssert.Contains(warning.RawMessage, "nobody's");
        StringAssert.Contains(warning.Message, warning.RawMessage);
    }

    // ML.NET loses the definition: the column would be called Y again.
    [TestMethod]
    public void C4_Renamed_columns_keep_their_names_when_loaded()
    {
        EmbeddedEngine.Require("there the schema definition is not saved (C4).");
        var rows = Doubling.Rows(_ml, 1, 2);
        var loaded = ModelFiles.Reload(_ml, Doubling.Estimator(_ml, output: "Renamed").Fit(rows));

        Assert.AreEqual("X, Renamed", string.Join(", ", loaded.GetOutputSchema(rows.Schema).Select(column => column.Name)));
        CollectionAssert.AreEqual(new[] { 2f, 4f }, loaded.Transform(rows).GetColumn<float>("Renamed").ToArray());
    }

    [TestMethod]
    public void C5_An_assembly_that_is_registered_gives_its_factories()
    {
        var ml = new MLContext();
        ml.ComponentCatalog.RegisterAssembly(typeof(Doubling).Assembly);
        ml.ComponentCatalog.RegisterAssembly(typeof(Doubling).Assembly);
        var rows = Doubling.Rows(ml, 3);

        Assert.AreEqual(6f, ModelFiles.Reload(ml, Doubling.Estimator(ml).Fit(rows)).Transform(rows).GetColumn<float>("Y").Single());
    }

    [TestMethod]
    public void C6_A_mapping_of_nothing_gives_any_shape_of_column()
    {
        var shape = _ml.Transforms.CustomMapping<Empty, Shapes>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));

        Assert.AreEqual("V Vector Single key=False,K Scalar UInt32 key=True,S Scalar String key=False,B VariableVector Byte key=False",
            string.Join(",", shape.Select(column => $"{column.Name} {column.Kind} {column.ItemType} key={column.IsKey}")));
        Assert.IsTrue(shape.All(column => column.Annotations.Count == 0));
    }
}
