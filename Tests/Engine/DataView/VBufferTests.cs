using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class VBufferTests
{
    private static readonly VBuffer<float> Sparse = new(5, 2, [10f, 30f], [1, 3]);

    [TestMethod]
    public void A_sparse_vector_is_default_where_it_says_nothing()
    {
        CollectionAssert.AreEqual(new[] { 0f, 10f, 0f, 30f, 0f }, Sparse.DenseValues().ToArray());
        Assert.AreEqual(30f, Sparse.GetItemOrDefault(3));
        Assert.AreEqual(0f, Sparse.GetItemOrDefault(4));
        Assert.IsFalse(Sparse.IsDense);
        Assert.AreEqual(5, Sparse.Length);
        CollectionAssert.AreEqual(new[] { 1, 3 }, Sparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 10f, 30f }, Sparse.GetValues().ToArray());
    }

    [TestMethod]
    public void Items_come_with_their_places()
    {
        CollectionAssert.AreEqual(new[] { (1, 10f), (3, 30f) }, Sparse.Items().Select(item => (item.Key, item.Value)).ToArray());
        Assert.AreEqual(5, Sparse.Items(all: true).Count());
    }

    [TestMethod]
    public void Copies_do_not_share_memory_and_keep_their_kind()
    {
        VBuffer<float> copy = default, dense = default;
        Sparse.CopyTo(ref copy);
        Sparse.CopyToDense(ref dense);
        var array = new float[5];
        Sparse.CopyTo(array);

        Assert.IsFalse(copy.IsDense);
        Assert.IsTrue(dense.IsDense);
        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), copy.DenseValues().ToArray());
        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), dense.DenseValues().ToArray());
        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), array);
    }

    [TestMethod]
    public void Copying_to_where_there_is_no_room_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => Sparse.CopyTo(new float[4]));

    [TestMethod]
    public void The_editor_uses_memory_again()
    {
        var buffer = new VBuffer<float>(3, [1f, 2f, 3f]);
        var before = buffer;

        var editor = VBufferEditor.Create(ref buffer, 2);
        editor.Values[0] = 7;
        editor.Values[1] = 8;
        buffer = editor.Commit();

        CollectionAssert.AreEqual(new[] { 7f, 8f }, buffer.GetValues().ToArray());
        Assert.AreEqual(7f, before.GetItemOrDefault(0), "the two buffers share their array");
    }

    [TestMethod]
    public void The_editor_makes_sparse_vectors()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 4, valuesCount: 1);
        editor.Indices[0] = 2;
        editor.Values[0] = 5;
        buffer = editor.Commit();

        CollectionAssert.AreEqual(new[] { 0f, 0f, 5f, 0f }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    [DataRow(new[] { 3, 1 }, DisplayName = "descending")]
    [DataRow(new[] { 1, 5 }, DisplayName = "outside")]
    [DataRow(new[] { 1 }, DisplayName = "too few")]
    public void Indices_that_make_no_sense_are_refused(int[] indices)
    {
        EmbeddedEngine.Require("it checks indices in debug builds only.");
        Assert.ThrowsExactly<ArgumentException>(() => new VBuffer<float>(5, 2, [10f, 30f], indices));
    }
}
