using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Batching;

namespace MLPipelines.Tests.Transforms.Batching;

[TestClass]
public sealed class BatchedViewTests
{
    [TestMethod]
    [DataRow(0, 4)]
    [DataRow(1, 4)]
    [DataRow(4, 4)]
    [DataRow(11, 4)]
    [DataRow(11, 64)]
    [DataRow(11, 1)]
    public void Rows_come_in_order_with_their_values_and_ids_whatever_the_batch_size(int rows, int batchSize)
    {
        var source = new CountingView(rows);
        var view = new DoublingMapping(source.Schema, batchSize).Apply(source);
        using var cursor = Open(view, "Number", "Items", "Name", "Twice", "Pair");
        var row = new Reader(cursor);

        for (var i = 0; i < rows; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, cursor.Position);
            Assert.AreEqual(new DataViewRowId((ulong)i, 7), row.Id);
            Assert.AreEqual(i, row.Get<float>("Number"));
            Assert.AreEqual(2 * i, row.Get<float>("Twice"));
            Assert.AreEqual($"row {i}", row.Get<ReadOnlyMemory<char>>("Name").ToString());
            CollectionAssert.AreEqual(new float[] { i, i }, row.Get<VBuffer<float>>("Pair").DenseValues().ToArray());

            var items = row.Get<VBuffer<float>>("Items");
            Assert.IsFalse(items.IsDense, "A sparse vector stays sparse.");
            Assert.AreEqual(i, items.GetItemOrDefault(i % 5));
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void The_last_batch_holds_what_is_left()
    {
        var source = new CountingView(10);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);

        CollectionAssert.AreEqual(Enumerable.Range(0, 10).Select(i => 2f * i).ToArray(), Column(mapping.Apply(source), "Twice"));
        CollectionAssert.AreEqual(new[] { (0, 4), (0, 4), (0, 2) }, mapping.Calls);
    }

    [TestMethod]
    public void The_schema_is_the_input_followed_by_the_added_columns()
    {
        var source = new CountingView(3);
        var view = new DoublingMapping(source.Schema, batchSize: 4).Apply(source);

        CollectionAssert.AreEqual(new[] { "Number", "Items", "Name", "Lease", "Twice", "Pair" }, view.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(3, view.GetRowCount());
    }

    [TestMethod]
    public void Without_an_added_column_nothing_is_read_ahead_and_nothing_computed()
    {
        var source = new CountingView(10);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);
        using var cursor = Open(mapping.Apply(source), "Name");
        var row = new Reader(cursor);

        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual("row 0", row.Get<ReadOnlyMemory<char>>("Name").ToString());
        Assert.AreEqual(1, source.RowsRead);
        Assert.IsEmpty(mapping.Calls);
        CollectionAssert.AreEqual(new[] { "Name" }, source.Needed);
    }

    [TestMethod]
    public void Nothing_is_computed_before_an_added_column_is_read()
    {
        var source = new CountingView(10);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);
        using var cursor = Open(mapping.Apply(source), "Number", "Twice");
        var row = new Reader(cursor);
        for (var i = 0; i < 6; i++)
            cursor.MoveNext();

        Assert.AreEqual(5, row.Get<float>("Number"));
        Assert.IsEmpty(mapping.Calls);

        Assert.AreEqual(10, row.Get<float>("Twice"));
        CollectionAssert.AreEqual(new[] { (0, 4) }, mapping.Calls);
    }

    [TestMethod]
    public void Columns_nobody_asked_for_are_neither_read_nor_readable()
    {
        var source = new CountingView(2);
        var view = new DoublingMapping(source.Schema, batchSize: 4).Apply(source);
        using var cursor = Open(view, "Twice");

        CollectionAssert.AreEqual(new[] { "Number", "Items" }, source.Needed);
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Number"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Pair"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(view.Schema["Number"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Twice"]));
    }

    [TestMethod]
    public void A_reader_may_keep_and_change_the_vectors_it_got()
    {
        var source = new CountingView(3);
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4).Apply(source), "Items", "Pair");
        var getItems = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Items"]);
        var getPair = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Pair"]);
        VBuffer<float> items = default, pair = default, again = default;

        cursor.MoveNext();
        cursor.MoveNext();
        getPair(ref pair);
        var editor = VBufferEditor.Create(ref pair, 2);
        editor.Values.Fill(-1);
        getItems(ref items);
        getPair(ref again);

        CollectionAssert.AreEqual(new float[] { 1, 1 }, again.DenseValues().ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0 }, items.DenseValues().ToArray());
    }

    [TestMethod]
    public void Shuffled_rows_keep_their_own_values_and_ids()
    {
        var source = new CountingView(50);
        var view = new DoublingMapping(source.Schema, batchSize: 8).Apply(source);
        using var cursor = view.GetRowCursor([view.Schema["Number"], view.Schema["Twice"]], new Random(1));
        var row = new Reader(cursor);
        List<float> seen = [];

        while (cursor.MoveNext())
        {
            var number = row.Get<float>("Number");
            Assert.AreEqual(2 * number, row.Get<float>("Twice"));
            Assert.AreEqual(new DataViewRowId((ulong)number, 7), row.Id);
            seen.Add(number);
        }

        Assert.IsFalse(seen.SequenceEqual(seen.Order()), "The rows were shuffled.");
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 50).Select(i => (float)i).ToArray(), seen);
        Assert.IsTrue(view.CanShuffle);
    }

    [TestMethod]
    public void A_set_of_cursors_shares_the_rows_and_keeps_their_batch_numbers()
    {
        var source = new CountingView(20);
        var view = new DoublingMapping(source.Schema, batchSize: 4).Apply(source);
        List<(long Batch, float Twice)> rows = [];

        foreach (var cursor in view.GetRowCursorSet([view.Schema["Twice"]], 3))
        {
            using (cursor)
            {
                var row = new Reader(cursor);
                while (cursor.MoveNext())
                    rows.Add((cursor.Batch, row.Get<float>("Twice")));
            }
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(i => ((long)i, 2f * i)).ToArray(), rows.Order().ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    [DataRow(9)]
    public void A_row_that_cannot_be_read_throws_its_own_exception_after_the_rows_before_it(int broken)
    {
        var source = new CountingView(10) { BrokenRow = broken };
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4).Apply(source), "Twice");
        var row = new Reader(cursor);
        for (var i = 0; i < broken; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(2 * i, row.Get<float>("Twice"));
        }

        var exception = Assert.ThrowsExactly<FormatException>(() => cursor.MoveNext());

        Assert.AreEqual($"row {broken} is broken", exception.Message);
    }

    [TestMethod]
    public void A_value_that_cannot_be_read_throws_its_own_exception_when_its_row_comes()
    {
        var source = new CountingView(10) { BrokenName = 6 };
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4).Apply(source), "Name", "Twice");
        for (var i = 0; i < 6; i++)
            Assert.IsTrue(cursor.MoveNext());

        Assert.ThrowsExactly<FileNotFoundException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void A_row_that_cannot_be_computed_throws_its_own_exception_and_spares_the_others()
    {
        var source = new CountingView(10);
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4) { BadNumber = 6 }.Apply(source), "Number", "Twice");
        var row = new Reader(cursor);

        for (var i = 0; i < 10; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, row.Get<float>("Number"));
            if (i == 6)
                Assert.AreEqual("number 6 is bad", Assert.ThrowsExactly<InvalidDataException>(() => row.Get<float>("Twice")).Message);
            else
                Assert.AreEqual(2 * i, row.Get<float>("Twice"));
        }
    }

    [TestMethod]
    public void Exceptions_of_rows_computed_in_parallel_arrive_unwrapped()
    {
        var source = new CountingView(10);
        using var cursor = Open(new ParallelMapping(source.Schema).Apply(source), "Half");
        var row = new Reader(cursor);

        cursor.MoveNext();
        Assert.AreEqual(0, row.Get<float>("Half"));
        cursor.MoveNext();

        Assert.ThrowsExactly<NotFiniteNumberException>(() => row.Get<float>("Half"));
    }

    [TestMethod]
    public void Disposing_early_disposes_the_source_and_the_computation_once()
    {
        var source = new CountingView(10);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);
        var cursor = Open(mapping.Apply(source), "Twice");
        cursor.MoveNext();

        cursor.Dispose();
        cursor.Dispose();

        Assert.AreEqual((1, 1), (source.Disposed, mapping.ComputationsDisposed));
        Assert.ThrowsExactly<ObjectDisposedException>(() => cursor.MoveNext());
    }

    [TestMethod]
    public void Values_cannot_be_read_before_the_first_row_or_after_the_last()
    {
        var source = new CountingView(1);
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4).Apply(source), "Number", "Twice");
        var row = new Reader(cursor);

        Assert.ThrowsExactly<InvalidOperationException>(() => row.Get<float>("Number"));
        cursor.MoveNext();
        cursor.MoveNext();
        Assert.ThrowsExactly<InvalidOperationException>(() => row.Get<float>("Twice"));
    }

    [TestMethod]
    public void Values_that_belong_to_the_source_make_the_cursor_go_row_by_row()
    {
        var source = new CountingView(10);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);
        using var cursor = Open(mapping.Apply(source), "Lease", "Twice");
        var row = new Reader(cursor);

        for (var i = 0; i < 10; i++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(i, row.Get<CountingView.Lease>("Lease").Row);
            Assert.AreEqual(2 * i, row.Get<float>("Twice"));
        }

        Assert.HasCount(10, mapping.Calls);
    }

    [TestMethod]
    public void A_view_can_be_read_as_often_as_its_source()
    {
        var source = new CountingView(9);
        var view = new DoublingMapping(source.Schema, batchSize: 4).Apply(source);

        CollectionAssert.AreEqual(Column(view, "Twice"), Column(view, "Twice"));
        Assert.AreEqual((2, 2), (source.Opened, source.Disposed));
    }

    [TestMethod]
    public void After_the_first_batches_nothing_is_allocated()
    {
        var source = new CountingView(400);
        using var cursor = Open(new DoublingMapping(source.Schema, batchSize: 4).Apply(source), "Number", "Items", "Pair");
        var number = cursor.GetGetter<float>(cursor.Schema["Number"]);
        var items = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Items"]);
        var pair = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Pair"]);
        float numberValue = 0;
        VBuffer<float> itemsValue = default, pairValue = default;

        Read(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(200);
        var perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / 200.0;

        // DoublingMapping's list of calls grows now and then; a row's own vectors would take more than 100 bytes.
        Assert.IsLessThan(16, perRow);

        void Read(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                cursor.MoveNext();
                number(ref numberValue);
                items(ref itemsValue);
                pair(ref pairValue);
            }
        }
    }

    [TestMethod]
    public void A_single_row_is_computed_when_asked_and_again_when_it_moves_on()
    {
        var source = new CountingView(3);
        var mapping = new DoublingMapping(source.Schema, batchSize: 4);
        using var input = source.GetRowCursor(source.Schema.Where(column => column.Name != "Lease"));
        using var row = mapping.GetRow(input, mapping.OutputSchema);
        var reader = new Reader(row);

        input.MoveNext();
        Assert.AreEqual("row 0", reader.Get<ReadOnlyMemory<char>>("Name").ToString());
        Assert.IsEmpty(mapping.Calls);

        input.MoveNext();
        Assert.AreEqual(2, reader.Get<float>("Twice"));
        CollectionAssert.AreEqual(new float[] { 1, 1 }, reader.Get<VBuffer<float>>("Pair").DenseValues().ToArray());
        Assert.HasCount(1, mapping.Calls);
    }

    [TestMethod]
    public void An_added_column_hides_an_input_column_of_its_name()
    {
        var source = new CountingView(5);
        var once = new DoublingMapping(source.Schema, batchSize: 4).Apply(source);
        var twice = new DoublingMapping(once.Schema, batchSize: 4).Apply(once);

        Assert.IsTrue(twice.Schema[4].IsHidden);
        Assert.AreEqual(6, twice.Schema["Twice"].Index);
        CollectionAssert.AreEqual(new float[] { 0, 2, 4, 6, 8 }, Column(twice, "Twice"));
    }

    private static DataViewRowCursor Open(IDataView view, params string[] columns) =>
        view.GetRowCursor(columns.Select(name => view.Schema[name]));

    private static float[] Column(IDataView view, string name)
    {
        using var cursor = Open(view, name);
        var reader = new Reader(cursor);
        List<float> values = [];
        while (cursor.MoveNext())
            values.Add(reader.Get<float>(name));
        return [.. values];
    }

    /// <summary>Half of Number, computed on all cores; odd numbers have none.</summary>
    private sealed class ParallelMapping(DataViewSchema schema)
        : BatchMapping(schema, [schema["Number"]], [new DataViewSchema.DetachedColumn("Half", NumberDataViewType.Single)])
    {
        public override IBatchComputation Begin(BatchBuffers buffers) => new Computation(buffers.Input<float>(0), buffers.Output<float>(0));

        private sealed class Computation(float[] numbers, float[] halves) : IBatchComputation
        {
            public void Compute(int first, int count) => ParallelRows.For(
                first, count, row => halves[row] = numbers[row] % 2 == 0 ? numbers[row] / 2 : throw new NotFiniteNumberException());
        }
    }

    /// <summary>Reads single values by column name.</summary>
    private sealed class Reader(DataViewRow row)
    {
        private readonly Dictionary<string, Delegate> _getters = [];

        private readonly ValueGetter<DataViewRowId> _id = row.GetIdGetter();

        public DataViewRowId Id
        {
            get
            {
                DataViewRowId id = default;
                _id(ref id);
                return id;
            }
        }

        public TValue Get<TValue>(string column)
        {
            if (!_getters.TryGetValue(column, out var getter))
                _getters[column] = getter = row.GetGetter<TValue>(row.Schema[column]);
            TValue value = default!;
            ((ValueGetter<TValue>)getter)(ref value);
            return value;
        }
    }
}
