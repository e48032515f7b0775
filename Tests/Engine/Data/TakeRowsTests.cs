using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class TakeRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(2, 2)]
    [DataRow(9, 3)]
    public void The_first_rows_are_taken_and_no_more_are_read(long count, int expected)
    {
        var read = 0;
        var rows = new[] { 1f, 2f, 3f }.Select(value =>
        {
            read++;
            return new Doubling.Input { X = value };
        });
        var view = _ml.Data.TakeRows(_ml.Data.LoadFromEnumerable(rows), count);

        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }.Take(expected).ToArray(), view.GetColumn<float>("X").ToArray());
        if (EmbeddedEngine.IsUsed)
            Assert.AreEqual(expected, read);
    }

    [TestMethod]
    public void Fewer_than_none_are_refused() =>
        Assert.Throws<ArgumentException>(() => _ml.Data.TakeRows(Doubling.Rows(_ml, 1), -1));
}
