using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Tests.Engine;

[TestClass]
public sealed class DataSplitTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Visit
    {
        public int Id;
        public string Patient = "";
        [KeyType(50)] public uint Ward;
    }

    private IDataView Visits => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 2000).Select(i => new Visit { Id = i, Patient = $"p{i % 100}", Ward = (uint)i % 50 }).ToList());

    private static int[] Ids(IDataView view) => [.. view.GetColumn<int>("Id")];

    [TestMethod]
    public void A_split_loses_no_row_and_doubles_none()
    {
        var split = _ml.Data.TrainTestSplit(Visits, testFraction: 0.2);

        CollectionAssert.AreEquivalent(Ids(Visits), Ids(split.TrainSet).Concat(Ids(split.TestSet)).ToArray());
        // Binomial with 2000 rows: 400 ± 5 standard deviations of 17.9.
        Assert.IsInRange(310, 490, Ids(split.TestSet).Length);
    }

    [TestMethod]
    public void A_split_is_the_same_in_every_pass_and_for_every_context_of_its_seed()
    {
        var split = _ml.Data.TrainTestSplit(Visits, 0.3, seed: 5);

        CollectionAssert.AreEqual(Ids(split.TestSet), Ids(split.TestSet));
        CollectionAssert.AreEqual(Ids(split.TestSet), Ids(new MLContext(seed: 99).Data.TrainTestSplit(Visits, 0.3, seed: 5).TestSet));
        CollectionAssert.AreEqual(
            Ids(new MLContext(seed: 4).Data.TrainTestSplit(Visits).TestSet), Ids(new MLContext(seed: 4).Data.TrainTestSplit(Visits).TestSet));
        CollectionAssert.AreNotEqual(Ids(split.TestSet), Ids(_ml.Data.TrainTestSplit(Visits, 0.3, seed: 6).TestSet));
    }

    [TestMethod]
    public void Reading_in_random_order_does_not_move_rows_between_the_parts()
    {
        var split = _ml.Data.TrainTestSplit(Visits, 0.3);
        using var cursor = split.TestSet.GetRowCursor(split.TestSet.Schema, new Random(3));
        var getter = cursor.GetGetter<int>(cursor.Schema["Id"]);
        List<int> ids = [];
        var id = 0;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id);
        }

        CollectionAssert.AreEquivalent(Ids(split.TestSet), ids);
        CollectionAssert.AreNotEqual(Ids(split.TestSet), ids, "they come in another order");
    }

    [TestMethod]
    [DataRow("Patient")]
    [DataRow("Ward")]
    public void Rows_of_one_group_stay_together(string groupColumn)
    {
        var split = _ml.Data.TrainTestSplit(Visits, 0.3, samplingKeyColumnName: groupColumn);
        HashSet<string> train = [.. Groups(split.TrainSet)], test = [.. Groups(split.TestSet)];

        Assert.IsFalse(train.Overlaps(test));
        Assert.IsGreaterThan(5, test.Count);
        Assert.IsGreaterThan(5, train.Count);

        IEnumerable<string> Groups(IDataView view) => groupColumn == "Patient"
            ? view.GetColumn<string>(groupColumn)
            : view.GetColumn<uint>(groupColumn).Select(ward => $"{ward}");
    }

    [TestMethod]
    public void Every_row_is_tested_in_exactly_one_fold_and_trained_on_in_the_others()
    {
        var folds = _ml.Data.CrossValidationSplit(Visits, numberOfFolds: 4);

        CollectionAssert.AreEquivalent(Ids(Visits), folds.SelectMany(fold => Ids(fold.TestSet)).ToArray());
        foreach (var fold in folds)
            CollectionAssert.AreEquivalent(Ids(Visits).Except(Ids(fold.TestSet)).ToArray(), Ids(fold.TrainSet));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void A_share_of_nothing_or_everything_is_refused(double fraction) =>
        Assert.Throws<ArgumentException>(() => _ml.Data.TrainTestSplit(Visits, fraction));

    [TestMethod]
    public void A_group_column_that_is_not_there_is_an_error() =>
        Assert.Throws<ArgumentException>(() => _ml.Data.TrainTestSplit(Visits, samplingKeyColumnName: "Nope"));

    [TestMethod]
    public void One_fold_is_refused() => Assert.Throws<ArgumentException>(() => _ml.Data.CrossValidationSplit(Visits, numberOfFolds: 1));
}
