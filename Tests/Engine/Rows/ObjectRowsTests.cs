using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class ObjectRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Everything
    {
        public bool Flag;
        public byte Small;
        public int Whole { get; set; }
        public float Real;
        public double Exact;
        public string Text { get; set; } = "";
        public DateTime Time;
        public TimeSpan Span;
        [ColumnName("Renamed")] public long Original;
        [VectorType(3)] public float[] Fixed = [];
        public int[] Free { get; set; } = [];
        public string[] Words = [];
        [VectorType(2)] public VBuffer<double> Buffer;
        [NoColumn] public object? Nothing { get; set; }
        [LoadColumn(4)] public ushort FromFile;
    }

    private static Everything Sample(int seed) => new()
    {
        Flag = seed % 2 == 0, Small = (byte)seed, Whole = -seed, Real = seed / 2f, Exact = seed / 3.0, Text = $"text {seed}",
        Time = new DateTime(2000 + seed, 1, 2), Span = TimeSpan.FromSeconds(seed), Original = 1L << 40, Fixed = [seed, 2, 3],
        Free = [.. Enumerable.Range(0, seed)], Words = ["a", $"{seed}"], Buffer = new(2, 1, [seed], [1]), FromFile = 7,
    };

    private sealed class Vector
    {
        [VectorType(3)] public float[]? X;
    }

    private sealed class Key
    {
        [KeyType(3)] public uint K;
    }

    private sealed class RawKey
    {
        public uint K;
    }

    [TestMethod]
    public void Fields_and_properties_become_columns_with_the_types_their_attributes_say()
    {
        var schema = _ml.Data.LoadFromEnumerable(new[] { Sample(1) }).Schema;

        Assert.AreEqual(
            "Flag:Boolean, Small:Byte, Real:Single, Exact:Double, Time:DateTime, Span:TimeSpan, Renamed:Int64, Fixed:Vector<Single, 3>, " +
            "Words:Vector<String>, Buffer:Vector<Double, 2>, FromFile:UInt16, Whole:Int32, Text:String, Free:Vector<Int32>",
            string.Join(", ", schema.Select(column => $"{column.Name}:{column.Type}")));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Objects_survive_being_rows(bool reuseRowObject)
    {
        var samples = Enumerable.Range(0, 4).Select(Sample).ToArray();
        var view = _ml.Data.LoadFromEnumerable(samples);

        var index = 0;
        foreach (var row in _ml.Data.CreateEnumerable<Everything>(view, reuseRowObject))
        {
            var expected = samples[index++];
            Assert.AreEqual(
                (expected.Flag, expected.Small, expected.Whole, expected.Real, expected.Exact, expected.Original, expected.FromFile),
                (row.Flag, row.Small, row.Whole, row.Real, row.Exact, row.Original, row.FromFile));
            Assert.AreEqual((expected.Text, expected.Time, expected.Span), (row.Text, row.Time, row.Span));
            CollectionAssert.AreEqual(expected.Fixed, row.Fixed);
            CollectionAssert.AreEqual(expected.Free, row.Free);
            CollectionAssert.AreEqual(expected.Words, row.Words);
            CollectionAssert.AreEqual(expected.Buffer.DenseValues().ToArray(), row.Buffer.DenseValues().ToArray());
        }
        Assert.AreEqual(samples.Length, index);
    }

    [TestMethod]
    public void Rows_that_are_not_reused_keep_their_arrays()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { Sample(1), Sample(2) });
        var rows = _ml.Data.CreateEnumerable<Everything>(view, reuseRowObject: false).ToList();

        Assert.AreNotSame(rows[0].Fixed, rows[1].Fixed);
        Assert.AreEqual(1f, rows[0].Fixed[0]);
        Assert.AreEqual(1.0, rows[0].Buffer.GetItemOrDefault(1));
    }

    [TestMethod]
    public void K1_A_key_member_counts_from_0_and_its_raw_value_from_1()
    {
        var view = _ml.Data.LoadFromEnumerable(new uint[] { 0, 1, 2, 3, 9 }.Select(k => new Key { K = k }).ToList());

        Assert.AreEqual("Key<UInt32, 0-2>", view.Schema["K"].Type.ToString());
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0, 0 }, view.GetColumn<uint>("K").ToArray());
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0, 0 },
            _ml.Data.CreateEnumerable<RawKey>(view, reuseRowObject: false).Select(row => row.K).ToArray());
    }

    // ML.NET reads 1, 2, 3, 0, 0 here, and 2, 3, 0, 1, 1 after another round.
    [TestMethod]
    public void K2_A_key_member_survives_the_round_trip()
    {
        EmbeddedEngine.Require("there every round trip adds one (K2).");
        var view = _ml.Data.LoadFromEnumerable(new uint[] { 0, 1, 2, 9 }.Select(k => new Key { K = k }).ToList());
        for (var round = 0; round < 2; round++)
            view = _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<Key>(view, reuseRowObject: false).ToList());

        CollectionAssert.AreEqual(new uint[] { 1, 2, 3, 0 }, view.GetColumn<uint>("K").ToArray());
        CollectionAssert.AreEqual(new uint[] { 0, 1, 2, uint.MaxValue },
            _ml.Data.CreateEnumerable<Key>(view, reuseRowObject: false).Select(row => row.K).ToArray());
    }

    private sealed class SmallKey
    {
        [KeyType] public byte Of255;
        [KeyType(10)] public ushort Of10;
        [KeyType(ulong.MaxValue)] public ulong Huge;
    }

    [TestMethod]
    public void Keys_of_every_integer_survive_the_round_trip()
    {
        EmbeddedEngine.Require("there every round trip adds one (K2).");
        var view = _ml.Data.LoadFromEnumerable(new[] { new SmallKey { Of255 = 254, Of10 = 9, Huge = 5 } });
        var row = _ml.Data.CreateEnumerable<SmallKey>(view, reuseRowObject: false).Single();

        Assert.AreEqual("Key<Byte, 0-254>", view.Schema["Of255"].Type.ToString());
        Assert.AreEqual(((byte)254, (ushort)9, 5UL), (row.Of255, row.Of10, row.Huge));
        Assert.AreEqual((byte)255, view.GetColumn<byte>("Of255").Single());
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(new float[] { 1, 2 })]
    public void E15_A_vector_of_another_length_than_its_type_says_is_an_error(float[]? vector)
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new Vector { X = vector } });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float[]>("X").ToArray());
        if (EmbeddedEngine.IsUsed)
            StringAssert.Contains(error.Message, "its column type says 3");
    }

    [TestMethod]
    public void A_null_vector_of_free_length_is_empty_and_null_text_is_empty()
    {
        var row = new Everything { Text = null!, Free = null!, Words = [null!], Fixed = [1, 2, 3], Buffer = new(2, [1, 2]) };
        var view = _ml.Data.LoadFromEnumerable(new[] { row });

        Assert.AreEqual("", view.GetColumn<string>("Text").Single());
        Assert.IsEmpty(view.GetColumn<int[]>("Free").Single());
        Assert.AreEqual("", view.GetColumn<string[]>("Words").Single().Single());
    }

    [TestMethod]
    public void A_null_row_is_an_error()
    {
        EmbeddedEngine.Require("it fails inside the user's own member access.");
        var view = _ml.Data.LoadFromEnumerable(new Vector[] { null! });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float[]>("X").ToArray()).Message, "Row 0");
    }

    [TestMethod]
    public void Sequences_are_read_anew_for_every_pass()
    {
        var passes = 0;
        IEnumerable<RawKey> Rows()
        {
            passes++;
            yield return new RawKey { K = 5 };
        }
        var view = _ml.Data.LoadFromEnumerable(Rows());

        Assert.AreEqual(0, passes, "nothing is read before a cursor asks");
        Assert.AreEqual(5u, view.GetColumn<uint>("K").Single());
        Assert.AreEqual(5u, view.GetColumn<uint>("K").Single());
        Assert.AreEqual(2, passes);
        Assert.IsNull(view.GetRowCount());
    }

    [TestMethod]
    public void A_row_keeps_its_id_in_any_order()
    {
        var view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new RawKey { K = (uint)i }).ToList());
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var (getId, getK) = (cursor.GetIdGetter(), cursor.GetGetter<uint>(cursor.Schema["K"]));
        DataViewRowId id = default;
        uint k = 0;
        var inOrder = true;
        while (cursor.MoveNext())
        {
            getId(ref id);
            getK(ref k);
            Assert.AreEqual(new DataViewRowId(k, 0), id);
            Assert.AreEqual((k, 0UL), (id.Low, id.High));
            inOrder &= k == cursor.Position;
        }
        Assert.IsFalse(inOrder);
        Assert.IsTrue(view.CanShuffle);
    }

    [TestMethod]
    public void A_definition_sizes_renames_and_annotates()
    {
        var definition = SchemaDefinition.Create(typeof(Everything));
        definition["Free"].ColumnType = new VectorDataViewType(NumberDataViewType.Int32, 2);
        definition["Free"].AddAnnotation("SlotNames", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["Free"].ColumnName = "Sized";
        var sample = Sample(2);
        var view = _ml.Data.LoadFromEnumerable(new[] { sample }, definition);

        Assert.AreEqual("Vector<Int32, 2>", view.Schema["Sized"].Type.ToString());
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Sized"].Annotations.GetValue("SlotNames", ref names);
        Assert.AreEqual("a|b", string.Join("|", names.DenseValues()));
        CollectionAssert.AreEqual(sample.Free, view.GetColumn<int[]>("Sized").Single());
    }

    [TestMethod]
    public void C7_A_renamed_column_is_found_by_its_member_too()
    {
        EmbeddedEngine.Require("there the indexer gives null for the member's name (C7).");
        var definition = SchemaDefinition.Create(typeof(RawKey), SchemaDefinition.Direction.Both);
        definition["K"].ColumnName = "Z";

        Assert.AreSame(definition["Z"], definition["K"]);
        Assert.AreEqual("K", definition["Z"].MemberName);
        Assert.IsNull(definition["Y"]);
    }

    [TestMethod]
    public void A_column_type_that_the_member_cannot_hold_is_refused()
    {
        EmbeddedEngine.Require("it finds out when the first row is read.");
        var definition = SchemaDefinition.Create(typeof(RawKey));
        Assert.ThrowsExactly<ArgumentException>(() => definition["K"].ColumnType = NumberDataViewType.Single);
    }

    private sealed class Unsupported
    {
        public object? Anything;
    }

    [TestMethod]
    public void A_member_that_no_column_holds_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromEnumerable(new[] { new Unsupported { Anything = 1 } }));
        StringAssert.Contains(error.Message, "Anything");
    }

    [TestMethod]
    public void A_missing_column_is_an_error_unless_it_may_be_missing()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new RawKey { K = 5 } });

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Vector>(view, reuseRowObject: false).ToList());
        Assert.IsNull(_ml.Data.CreateEnumerable<Vector>(view, reuseRowObject: false, ignoreMissingColumns: true).Single().X);
    }

    private sealed class WrongType
    {
        public float K { get; set; }
    }

    [TestMethod]
    public void A_column_is_not_converted_on_the_way_out()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { new RawKey { K = 5 } });

        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.CreateEnumerable<WrongType>(view, reuseRowObject: false).ToList());
        Assert.Throws<ArgumentException>(() => view.GetColumn<float>("K").ToList());
        Assert.Throws<ArgumentException>(() => view.GetColumn<float>(view.Schema["K"]).ToList());
    }

    [TestMethod]
    public void Getters_are_checked_for_type_and_activity()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { Sample(1) });
        using var cursor = view.GetRowCursor([view.Schema["Whole"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Whole"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Text"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(cursor.Schema["Whole"]));
        Assert.Throws<Exception>(() => cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Text"]));
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        Assert.AreEqual(0, cursor.Batch);
        Assert.IsFalse(cursor.MoveNext());
    }
}
