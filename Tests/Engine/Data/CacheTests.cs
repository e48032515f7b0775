using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class CacheTests
{
    private readonly MLContext _ml = new(seed: 1);
    private int _passes;

    private sealed class Row
    {
        public int Id;
        [VectorType(2)] public float[] X = [];
    }

    private IEnumerable<Row> Rows()
    {
        _passes++;
        for (var i = 0; i < 5; i++)
            yield return new Row { Id = i, X = [i, -i] };
    }

    [TestMethod]
    public void A_cached_column_is_read_from_the_source_once()
    {
        var view = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows()));
        Assert.AreEqual(0, _passes);
        for (var pass = 0; pass < 3; pass++)
            CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, view.GetColumn<int>("Id").ToArray());

        Assert.AreEqual(1, _passes);
        Assert.AreEqual(5L, view.GetRowCount());
    }

    [TestMethod]
    public void Columns_named_are_read_at_once()
    {
        var view = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows()), "Id", "X");
        EmbeddedEngine.Require("it reads in the background.");

        Assert.AreEqual(1, _passes);
        CollectionAssert.AreEqual(new[] { 3f, -3f }, view.GetColumn<float[]>("X").ElementAt(3));
        Assert.AreEqual(1, _passes);
    }

    [TestMethod]
    public void A_cached_view_can_be_shuffled()
    {
        var view = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows()));
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var (getId, getX) = (cursor.GetGetter<int>(cursor.Schema["Id"]), cursor.GetGetter<VBuffer<float>>(cursor.Schema["X"]));
        List<int> ids = [];
        var id = 0;
        VBuffer<float> x = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            getX(ref x);
            Assert.AreEqual((float)id, x.GetItemOrDefault(0));
            ids.Add(id);
        }

        Assert.IsTrue(view.CanShuffle);
        CollectionAssert.AreEquivalent(new[] { 0, 1, 2, 3, 4 }, ids);
    }

    [TestMethod]
    public void What_a_reader_does_to_its_buffer_does_not_reach_the_cache()
    {
        var view = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows()));
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            var getX = cursor.GetGetter<VBuffer<float>>(cursor.Schema["X"]);
            VBuffer<float> x = default;
            while (cursor.MoveNext())
            {
                getX(ref x);
                VBufferEditor.Create(ref x, 2).Values.Fill(99);
            }
        }

        CollectionAssert.AreEqual(new[] { 1f, -1f }, view.GetColumn<float[]>("X").ElementAt(1));
    }
}
