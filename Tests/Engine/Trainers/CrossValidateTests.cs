using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLPipelines.Tests.Engine.Trainers;

[TestClass]
public sealed class CrossValidateTests
{
    private readonly MLContext _ml = new(seed: 5);

    [TestMethod]
    public void Each_fold_is_tested_by_a_model_of_the_others_and_every_row_is_tested_once()
    {
        var view = Labelled.View(6, 3, Labelled.Clouds(rows: 300, features: 6, classes: 3));
        var results = _ml.MulticlassClassification.CrossValidate(view, Trainer(), numberOfFolds: 4);

        Assert.HasCount(4, results);
        var tested = 0d;
        for (var fold = 0; fold < 4; fold++)
        {
            Assert.AreEqual(fold, results[fold].Fold);
            Assert.IsGreaterThan(0.6, results[fold].Metrics.MicroAccuracy);
            var again = _ml.MulticlassClassification.Evaluate(results[fold].ScoredHoldOutSet);
            Assert.AreEqual(results[fold].Metrics.LogLoss, again.LogLoss);
            tested += again.ConfusionMatrix.Counts.Sum(row => row.Sum());
            Assert.AreEqual("Score", results[fold].Model.GetOutputSchema(view.Schema)[^1].Name);
        }
        Assert.AreEqual(300, tested);
        Assert.AreEqual(4, results.Select(result => result.Metrics.LogLoss).Distinct().Count());
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_folds()
    {
        var view = Labelled.View(6, 3, Labelled.Clouds(rows: 120, features: 6, classes: 3));
        double[] Losses(int seed) => [.. new MLContext().MulticlassClassification.CrossValidate(view, Trainer(), numberOfFolds: 3, seed: seed)
            .Select(result => result.Metrics.LogLoss)];

        CollectionAssert.AreEqual(Losses(1), Losses(1));
        CollectionAssert.AreNotEqual(Losses(1), Losses(2));
    }

    [TestMethod]
    public void Rows_of_one_sampling_key_stay_in_one_fold()
    {
        // Three weights: three groups of a hundred rows, each with all four classes.
        var view = Labelled.View(6, 4, Labelled.Clouds(rows: 300, features: 6, classes: 4));
        var grouped = _ml.MulticlassClassification.CrossValidate(view, Trainer(), numberOfFolds: 2, samplingKeyColumnName: "Weight", seed: 3);

        var groups = grouped.SelectMany(result => _ml.Data.CreateEnumerable<WeightOnly>(result.ScoredHoldOutSet, reuseRowObject: false)
            .Select(row => row.Weight).Distinct());
        CollectionAssert.AllItemsAreUnique(groups.ToArray());
    }

    [TestMethod]
    public void A_fold_without_rows_is_an_error()
    {
        EmbeddedEngine.Require("it gives metrics of nothing.");
        var view = Labelled.View(6, 3, Labelled.Clouds(rows: 3, features: 6, classes: 3));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.MulticlassClassification.CrossValidate(view, Trainer(), numberOfFolds: 50));
        StringAssert.Contains(error.Message, "of 50 has no rows to test on");
    }

    [TestMethod]
    public void One_fold_is_none() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
        () => _ml.MulticlassClassification.CrossValidate(Labelled.View(1, 2, []), Trainer(), numberOfFolds: 1));

    private LbfgsMaximumEntropyMulticlassTrainer Trainer() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

    private sealed class WeightOnly
    {
        public float Weight { get; set; }
    }
}
